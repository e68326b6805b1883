// Tunes Node for commands that are over within a second or two; import it first.
import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

// V8's slowest compiler costs more than it saves in so short a life, and the next one is better asked later: together a
// fifth less processor time for 100 services and a tenth for 1000 (npm run bench -- synth).
setFlagsFromString('--no-opt');
setFlagsFromString('--invocation-count-for-maglev=2000');
// Modules are parsed and their types taken away once, not at each start.
enableCompileCache();
