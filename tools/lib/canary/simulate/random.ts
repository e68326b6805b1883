/** Numbers from 0 to 1, without 1, as random as a simulation wants them, and the same again for the same seed. */
export type Random = () => number;

/**
 * Small Fast Counter, 32 bits: passes the usual tests of randomness and is quick.
 *
 * @see https://pracrand.sourceforge.net/RNG_engines.txt
 */
export function seeded(seed: number): Random {
  let [a, b, c, counter] = [seed | 0, 0x9e37_79b9 | 0, 0x243f_6a88 | 0, 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // The first ones still show the seed.
  for (let index = 0; index < 16; index += 1) next();
  return next;
}

/** The time until the next event, where they come independently of each other. */
export function waitFor(perSecond: number, random: Random): number {
  return -Math.log(1 - random()) / perSecond;
}

/** Tells of one thing after the other whether it is bad, each with the same chance. */
export function badOnes(share: number, random: Random): () => boolean {
  if (share <= 0) return () => false;
  if (share >= 1) return () => true;
  const logOfGood = Math.log(1 - share);
  // How many good ones come before the next bad one is drawn at once, which takes one number instead of many.
  const good = () => Math.floor(Math.log(1 - random()) / logOfGood);
  let left = good();
  return () => {
    if (left > 0) {
      left -= 1;
      return false;
    }
    left = good();
    return true;
  };
}
