// A version of the service as Kubernetes runs it: an init container that migrates, a container that is started again when it
// ends, a probe that says whether it is ready. With one pod for each version.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { adopt } from '../../local/children.ts';
import type { Readiness } from '../canary/machine/observations.ts';
import type { Backend } from './split.ts';

export interface PodProps {
  /** The folder of the production bundle. */
  bundle: string;
  /** Its settings. */
  env: Readonly<Record<string, string>>;
  /** Where what it prints goes. */
  logFile: string;
  /** Seconds in which it must be ready, and may be unready later, until it counts as stuck. */
  deadlineSeconds: number;
  /** Seconds until it is started again when it has ended; doubled each time, as the kubelet does. */
  backOffSeconds: number;
}

/** How often it is asked whether it is ready, in milliseconds. */
const PROBE_MILLISECONDS = 50;

/** How long a pod may take to end before it is killed, as Kubernetes would, in milliseconds. */
const GRACE_MILLISECONDS = 15_000;

/** A pod of one version. */
export class Pod implements Backend {
  url = '';
  private managementUrl: string | undefined;
  private child: ChildProcess | undefined;
  private ready = false;
  private unreadySince = performance.now();
  private isStopped = false;
  private readonly props: PodProps;
  private readonly life: Promise<void>;

  constructor(props: PodProps) {
    this.props = props;
    this.life = this.live();
  }

  readonly isReady = (): boolean => this.ready;

  /** As Flagger sees it. */
  get readiness(): Readiness {
    if (this.ready) return 'ready';
    const seconds = (performance.now() - this.unreadySince) / 1000;
    return seconds > this.props.deadlineSeconds ? 'stuck' : 'notReady';
  }

  /** Lets it finish what it is at. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.child?.kill('SIGTERM');
    const killer = setTimeout(() => this.child?.kill('SIGKILL'), GRACE_MILLISECONDS);
    await this.life;
    clearTimeout(killer);
  }

  private async live(): Promise<void> {
    const probing = this.probe();
    let backOff = this.props.backOffSeconds;
    let isMigrated = false;
    while (!this.isStopped) {
      isMigrated ||= (await this.run(['--migrate'])) === 0;
      if (isMigrated && !this.isStopped) await this.run([]);
      this.setReady(false);
      await this.pause(backOff);
      backOff *= 2;
    }
    await probing;
  }

  /** Runs it to its end. @returns its exit code */
  private run(args: readonly string[]): Promise<number | null> {
    const log = openSync(this.props.logFile, 'a', 0o600);
    const options = {
      env: { PATH: process.env.PATH, NODE_ENV: 'production', HOST: '127.0.0.1', ...this.props.env },
      detached: true,
    };
    const main = join(this.props.bundle, 'main.js');
    const child =
      args.length > 0
        ? spawn(process.execPath, [main, ...args], { ...options, stdio: ['ignore', log, log] })
        : fork(main, { ...options, execArgv: [], stdio: ['ignore', log, log, 'ipc'] });
    adopt(child);
    closeSync(log);
    this.child = child;
    child.on('message', (message: { type?: string; port?: number; managementPort?: number }) => {
      if (message.type !== 'listening') return;
      this.url = `http://127.0.0.1:${message.port}`;
      this.managementUrl = `http://127.0.0.1:${message.managementPort}`;
    });
    return new Promise((resolve) => {
      child.once('exit', (code) => {
        this.managementUrl = undefined;
        this.setReady(false);
        resolve(code);
      });
      child.once('error', () => resolve(null));
    });
  }

  private async probe(): Promise<void> {
    while (!this.isStopped) {
      const url = this.managementUrl;
      const answers =
        url !== undefined &&
        (await fetch(`${url}/readyz`).then(
          (response) => response.ok,
          () => false,
        ));
      this.setReady(answers && this.managementUrl === url);
      await sleep(PROBE_MILLISECONDS);
    }
    this.setReady(false);
  }

  private setReady(ready: boolean): void {
    if (this.ready && !ready) this.unreadySince = performance.now();
    this.ready = ready;
  }

  private async pause(seconds: number): Promise<void> {
    const until = performance.now() + seconds * 1000;
    while (!this.isStopped && performance.now() < until) await sleep(PROBE_MILLISECONDS);
  }
}
