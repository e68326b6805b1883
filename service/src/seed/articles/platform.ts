import type { SeedArticle } from './article.ts';

const author = 'Jun Watanabe';

export const PLATFORM: readonly SeedArticle[] = [
  {
    author,
    title: 'A platform is a product with a captive audience',
    description: 'Your users cannot leave. That is a reason to be more careful and not less.',
    tags: ['platform', 'teams'],
    likedBy: ['Sam Achterberg', 'Mara Lindqvist', 'Demo Reader'],
    paragraphs: [
      'If you make a bad shop, people buy elsewhere, and you find out by Friday. If you make a bad deployment system for your own company, people sigh and learn its tricks. They will even defend it to newcomers. You may not find out for years.',
      'So go and look. I sit beside one person a month while they ship something, and I say nothing, which is the hard part. I have seen somebody keep the one working configuration file in a drafts folder. I have seen somebody push an empty commit, twice, “because the first one never takes”. Neither had ever reported it. It was just how things were.',
      'We fixed both in a day. I am told that nothing we did that year made people happier, and it was in none of our plans.',
    ],
  },
  {
    author,
    title: 'Configuration wants to be code',
    description: 'It begins with a list of three names and ends with a template language nobody chose.',
    tags: ['platform', 'configuration'],
    likedBy: ['Mara Lindqvist', 'Tomás Ferreira'],
    paragraphs: [
      'Nobody sets out to write two thousand lines of YAML. You write twenty. Then there is a second environment, so you copy them. Then a third, so you add a template. Then the template needs a condition, and a loop, and a function that indents by eight because of where it stands. By now you have a programming language, one without types, tests or a debugger.',
      'I would rather begin with one that has them. A function takes the few things that differ and returns what does not. The editor tells me that I have misspelt a field while I am still looking at it. And what comes out at the end is plain data that I can read, compare with yesterday’s, and commit.',
      'That last part matters most. Generate as cleverly as you like, but keep the result where people can see it. Cleverness that cannot be read is only another kind of template.',
    ],
  },
  {
    author,
    title: 'What the leaking tap knew',
    description: 'On fixing the thing that drips before the thing that is interesting.',
    tags: ['platform', 'habits', 'gardening'],
    likedBy: ['Edith Brandt', 'Sam Achterberg'],
    paragraphs: [
      'The tap in the garden dripped for two summers. It was one drop a second, and I had larger plans: a new bed, a path, a bench under the quince. When the water bill came I did the sum. One drop a second is about twenty litres a day, and twenty litres a day, for two years, is rather a lot of bench.',
      'At work it was a test that failed one time in thirty. Everybody knew that one: you pressed the button again. We had larger plans too. I did the sum there as well. Ninety runs a day, three failures, twelve minutes each, and every time somebody who lost the thread.',
      'Fix the drip. Not because it is important, but because it is always on, and because you have stopped hearing it.',
    ],
  },
  {
    author,
    title: 'Delete it in daylight',
    description: 'How we remove old services without finding out at night who still used them.',
    tags: ['platform', 'operations'],
    likedBy: ['Ines Okafor', 'Demo Reader', 'Tomás Ferreira'],
    paragraphs: [
      'Everybody agrees that the old service can go. The graph shows no traffic, the team that wrote it has been renamed twice, and the only documentation is a picture of a whiteboard. So you switch it off, and on the last day of the quarter it turns out who was using it.',
      'We do it in four steps now. First it answers slowly, by one second, for a week. Then it refuses for ten minutes a day, at eleven in the morning, when people are at their desks. Then it is off, but its data and its configuration stay where they were. A quarter later, those go too.',
      'The ten minutes are the ones that find people. They come to us slightly cross, at a quarter past eleven, and we have a pleasant conversation that would have been an unpleasant one in the small hours.',
    ],
  },
];
