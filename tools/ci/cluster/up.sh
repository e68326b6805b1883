#!/usr/bin/env bash
# Brings up a kind cluster that runs the app hello from a branch of this repo, on the platform's own manifests. It wants
# docker, kind, kubectl and node, and a token that may read and write the branch.
#
#   CLUSTER=dev-eu-west-1 BRANCH=e2e/1 REPOSITORY=https://github.com/slipway/slipway TOKEN=… tools/ci/cluster/up.sh
set -euo pipefail

registry=registry.test:5000
podinfo=$(sed -n 's/^ *image: \(.*podinfo:[^ ]*\).*/\1/p' "dist/$CLUSTER/apps/hello/hello.yaml" | head -n 1)

# The addresses are those of a VPC, since network policies name them: nodes and pods in one range, Services in another.
docker network create --subnet 10.10.0.0/17 kind
docker run --detach --name registry.test --network kind --publish 127.0.0.1:5000:5000 --restart always registry:2
kind create cluster --name slipway --config - <<'CONFIG'
kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
networking: { podSubnet: 10.10.128.0/17, serviceSubnet: 172.20.0.0/16 }
nodes:
  - role: control-plane
    labels: { topology.kubernetes.io/zone: a }
containerdConfigPatches:
  - |-
    [plugins."io.containerd.grpc.v1.cri".registry]
      config_path = "/etc/containerd/certs.d"
CONFIG
for node in $(kind get nodes --name slipway); do
  docker exec "$node" mkdir -p "/etc/containerd/certs.d/$registry"
  docker exec --interactive "$node" cp /dev/stdin "/etc/containerd/certs.d/$registry/hosts.toml" <<< "[host.\"http://$registry\"]"
done

tools/ci/cluster/push-image.sh "$podinfo" 1.0.0 good

git config user.name 'slipway e2e'
git config user.email 'e2e@users.noreply.github.com'
git checkout --quiet -b "$BRANCH"
node tools/ci/cluster/prepare.ts "$CLUSTER" "$BRANCH" "$registry/hello:1.0.0"
git add dist
git commit --quiet --message 'test: what a kind cluster can run'
git push --quiet origin "$BRANCH"

# The version that the CDK installs.
flux=$(sed -n "s/^const FLUX = '\(.*\)';/\1/p" cluster-infra/flux-instance.ts)
kubectl apply --filename "https://github.com/fluxcd/flux2/releases/download/v$flux/install.yaml"
kubectl -n flux-system wait deployment --all --for condition=Available --timeout 5m
kubectl -n flux-system create configmap cluster-vars --from-literal CLUSTER="$CLUSTER"
kubectl -n flux-system create secret generic git --from-literal username=x-access-token --from-literal password="$TOKEN"
kubectl apply --filename - <<OBJECTS
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: gp3 }
provisioner: rancher.io/local-path
volumeBindingMode: WaitForFirstConsumer
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 15s, url: $REPOSITORY, ref: { branch: $BRANCH }, secretRef: { name: git } }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec:
  interval: 1m
  path: ./dist/$CLUSTER/flux
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
OBJECTS
kubectl -n flux-system wait kustomization flux-system --for condition=Ready --timeout 5m
kubectl -n flux-system wait kustomization hello --for condition=Ready --timeout 30m
