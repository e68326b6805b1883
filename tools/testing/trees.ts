/** Two trees of 300 files: most differ, some are alike in both, some are only in one. */
export function tree(name: 'old' | 'new'): Map<string, string> {
  const files = new Map<string, string>();
  for (let index = 0; index < 300; index++) {
    if (index % 10 === 0) files.set(`${name}/only/${index}.yaml`, `a: ${index}\n`);
    else
      files.set(
        `cluster/${index}/${index}.yaml`,
        index % 3 === 0 ? 'same: true\n' : `${name}: ${index}\n`.repeat(50),
      );
  }
  return files;
}
