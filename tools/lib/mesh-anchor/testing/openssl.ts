// Certificates by openssl, as cert-manager would issue them.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate and its key, as PEM. */
export interface Pair {
  crt: string;
  key: string;
}

const HOUR_MS = 3_600_000;

/** As cert-manager does: by these, roots of the same name are told apart. */
const KEY_IDS = 'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid';

const CA_CONFIG = `[ca]
default_ca = root
[root]
database = FOLDER/index.txt
new_certs_dir = FOLDER
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = root_extensions
[any]
commonName = supplied
[root_extensions]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
${KEY_IDS}
`;

/** Certificates by openssl, which must be there: no test of them passes without it. */
export class Openssl implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mesh-anchor-'));
  readonly #made = new Map<string, Pair>();
  readonly #verified = new Map<string, string>();

  /**
   * A root, signed by itself and good for ten years from a time on.
   *
   * @param nth clusters are given the same ones, in this order: to make one takes a while
   */
  root(nth: number, since: number): Pair {
    return this.#once(`root ${nth}`, () => this.#root(since));
  }

  /** An intermediate, signed by a root; likewise. */
  issuer(nth: number, by: Pair): Pair {
    const constraints = 'basicConstraints=critical,CA:true,pathlen:0';
    return this.#once(`issuer ${nth} ${by.crt}`, () =>
      this.#sign('identity.linkerd.cluster.local', by, constraints),
    );
  }

  /** What a pod shows that got its identity from an issuer: one for all pods, since only who signed it matters here. */
  leaf(by: Pair): Pair {
    const constraints = 'basicConstraints=CA:false';
    return this.#once(`leaf ${by.crt}`, () => this.#sign('pod.linkerd.cluster.local', by, constraints));
  }

  #once(what: string, make: () => Pair): Pair {
    const pair = this.#made.get(what) ?? make();
    this.#made.set(what, pair);
    return pair;
  }

  #root(since: number): Pair {
    const [key, csr, crt, config] = this.#paths('key', 'csr', 'crt', 'cnf');
    writeFileSync(config, CA_CONFIG.replaceAll('FOLDER', this.#folder));
    writeFileSync(join(this.#folder, 'index.txt'), '');
    const time = (ms: number) => new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
    const ends = time(since + 3650 * 24 * HOUR_MS);
    this.#request('root.linkerd.cluster.local', key, csr);
    const dates = ['-startdate', time(since), '-enddate', ends];
    this.#run(
      'ca',
      '-selfsign',
      '-batch',
      '-notext',
      '-config',
      config,
      '-in',
      csr,
      '-keyfile',
      key,
      ...dates,
      '-out',
      crt,
    );
    return { crt: readFileSync(crt, 'utf8'), key: readFileSync(key, 'utf8') };
  }

  /**
   * Whether a certificate is good for somebody.
   *
   * @param crt what is shown
   * @param by what signed it, which is shown too
   * @param trusted the roots of who looks at it
   * @returns what openssl says against it; nothing when it is good
   */
  complaint(crt: string, by: string, trusted: string): string {
    const asked = [crt, by, trusted].join('\n');
    const known = this.#verified.get(asked);
    if (known !== undefined) return known;
    const [leaf, issuer, roots] = this.#paths('leaf', 'issuer', 'roots');
    writeFileSync(leaf, crt);
    writeFileSync(issuer, by);
    writeFileSync(roots, trusted);
    let complaint = '';
    try {
      this.#run('verify', '-CAfile', roots, '-untrusted', issuer, leaf);
    } catch (error) {
      complaint = String((error as { stderr?: Buffer }).stderr ?? error);
    }
    this.#verified.set(asked, complaint);
    return complaint;
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #sign(name: string, by: Pair, constraints: string): Pair {
    const [key, csr, crt, extensions, ca, caKey] = this.#paths('key', 'csr', 'crt', 'ext', 'ca', 'cakey');
    writeFileSync(ca, by.crt);
    writeFileSync(caKey, by.key);
    writeFileSync(extensions, `${constraints}\n${KEY_IDS}\n`);
    this.#request(name, key, csr);
    const serial = `0x${randomBytes(8).toString('hex')}`;
    const signed = ['-CA', ca, '-CAkey', caKey, '-set_serial', serial, '-days', '30', '-extfile', extensions];
    this.#run('x509', '-req', '-in', csr, ...signed, '-out', crt);
    return { crt: readFileSync(crt, 'utf8'), key: readFileSync(key, 'utf8') };
  }

  #request(name: string, key: string, csr: string): void {
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    this.#run('req', '-new', ...newKey, '-subj', `/CN=${name}`, '-keyout', key, '-out', csr);
  }

  #paths<Ends extends string[]>(...ends: Ends): { [End in keyof Ends]: string } {
    return ends.map((end) => this.#path(end)) as { [End in keyof Ends]: string };
  }

  #path(end: string): string {
    return join(this.#folder, `${randomBytes(6).toString('hex')}.${end}`);
  }

  #run(...args: string[]): void {
    execFileSync('openssl', args, { stdio: 'pipe' });
  }
}
