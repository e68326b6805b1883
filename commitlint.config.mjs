// Conventional commits: semantic-release reads them. Lines may be as long as ours are.
export default {
  extends: ['@commitlint/config-conventional'],
  rules: {
    'subject-case': [0],
    'header-max-length': [2, 'always', 120],
    'body-max-line-length': [2, 'always', 140],
    'footer-max-line-length': [0],
  },
};
