// The thread that loads a config once: see read-config.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { ConfigError } from '../../config/errors.ts';
import { loadConfig } from '../../config/load.ts';
import type { Loaded } from './read-config.ts';

async function answer(): Promise<Loaded> {
  try {
    return { config: await loadConfig(workerData as string) };
  } catch (error) {
    if (error instanceof ConfigError) return { problem: error.message };
    throw error;
  }
}

parentPort?.postMessage(await answer());
