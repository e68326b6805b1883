/** Something that a command of ours runs or reads on the machine. */
export interface Need {
  /** What it is called: the program's name, where it is one. */
  name: string;
  /** What can't be done without it. */
  purpose: string;
  /** How to get it. */
  remedy: string;
  /** Whether nothing works without it. */
  isVital: boolean;
  /** Whether it is a program on the `PATH`, asked for its version by this option. @default it is found in another way */
  versionOption?: string;
}

/** Programs that are looked for. Node and npm are judged by themselves: who runs this has some. */
export const PROGRAMS: readonly Need[] = [
  {
    name: 'git',
    purpose: 'diff, check, promote, rollback',
    remedy: 'https://git-scm.com, or your package manager: apt-get install git',
    isVital: true,
    versionOption: '--version',
  },
  {
    name: 'openssl',
    purpose: "mesh:rotate-anchor and its tests: certificates are looked at by somebody else's eyes",
    remedy: 'apt-get install openssl, brew install openssl',
    isVital: false,
    versionOption: 'version',
  },
  {
    name: 'kubectl',
    purpose: 'what speaks to a cluster: mesh:rotate-anchor, infra:destroy, e2e',
    remedy: 'https://kubernetes.io/docs/tasks/tools',
    isVital: false,
    versionOption: 'version --client',
  },
  {
    name: 'aws',
    purpose: 'infra:deploy, infra:destroy, infra:doctor',
    remedy: 'https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html',
    isVital: false,
    versionOption: '--version',
  },
  {
    name: 'session-manager-plugin',
    purpose: 'the way through a node to an API with no public address: infra:destroy',
    remedy:
      'https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html',
    isVital: false,
    versionOption: '--version',
  },
  {
    name: 'docker',
    purpose: "building the service's image here; CI does that otherwise",
    remedy: 'https://docs.docker.com/engine/install',
    isVital: false,
    versionOption: '--version',
  },
  {
    name: 'gh',
    purpose: 'promote, where it reads commit statuses and GITHUB_TOKEN is not set',
    remedy: 'https://cli.github.com',
    isVital: false,
    versionOption: '--version',
  },
];
