import type { SeedArticle } from './article.ts';

const author = 'Ines Okafor';

export const OBSERVABILITY: readonly SeedArticle[] = [
  {
    author,
    title: 'The average visitor does not exist',
    description: 'On the mean, your site is fast. For the people who have left, it was not.',
    tags: ['observability', 'statistics', 'performance'],
    likedBy: ['Tomás Ferreira', 'Mara Lindqvist', 'Demo Reader'],
    paragraphs: [
      'Our dashboard said 180 milliseconds, and it had said so for months. The complaints said something else. Both were right: nineteen visits in twenty took 90 milliseconds, and the twentieth took two seconds. There was no visit of 180 milliseconds anywhere in the data.',
      'A page here makes about thirty requests. If one in a hundred is slow, then one page in four has a slow request in it. The slow tail, which looks like a rounding error from the point of view of the server, is the ordinary experience from the point of view of the chair.',
      'So look at the 99th percentile and not at the mean, and look at it where the person sits. And beware of the percentile of percentiles: you cannot average the tails of ten machines and get the tail of anything. Keep the histograms and add those.',
    ],
  },
  {
    author,
    title: 'An alert is a promise to get out of bed',
    description: 'If nobody would act on it, it is a decoration with a ringtone.',
    tags: ['observability', 'operations', 'teams'],
    likedBy: ['Sam Achterberg', 'Jun Watanabe', 'Demo Reader'],
    paragraphs: [
      'When I joined there were four hundred alerts. The person on call had muted the channel, which was the only reasonable response. We went through them one by one with a single question: what did the last person do when this rang? For three hundred and sixty of them the answer was “waited until it stopped”.',
      'We deleted those. It felt like cutting a cable in a film. Nothing happened, except that in the following week an alert rang, and somebody looked at it.',
      'What is left speaks of what visitors notice: errors, slowness, work that does not get done. A full disk is a cause. It belongs on the page that you open after the alert, not in the alert, unless it is going to be full by tonight.',
    ],
  },
  {
    author,
    title: 'Follow one request',
    description: 'Before you buy another dashboard, take a single slow request and walk beside it.',
    tags: ['observability', 'tracing'],
    likedBy: ['Jun Watanabe'],
    paragraphs: [
      'There is a kind of meeting in which everybody brings a graph. The graphs go up at the same time, and people argue about which one went up first. I have stopped going to it. Instead I take one request that was slow and read its trace from left to right.',
      'Last week’s took three seconds. Two of them were spent in forty calls to the same service, one after another, for forty rows of a list. No graph could have shown it: each call was fast, the service was healthy, the database was idle. It is visible at once when you see the forty small bars standing in a row like a fence.',
      'One request is an anecdote, of course. But it is a true one, and it tells you which graph to draw.',
    ],
  },
  {
    author,
    title: 'Logs are for the reader',
    description: 'Write the line that you will be looking for at four in the morning.',
    tags: ['observability', 'habits'],
    likedBy: ['Mara Lindqvist', 'Edith Brandt'],
    paragraphs: [
      'Somebody will read this line in an hour of need. They will not know the code. They want to know what happened, to whom, and what they might do. “Error: undefined” is a message from one programmer to himself, about a mood.',
      'I try to say what was expected, what was found, and what to try. It takes a minute more when writing. And I try to say it once: the layer that can do something about a failure reports it, and those below pass it up without comment. Three entries for one event make a reader count three events.',
      'The rest is arithmetic. A line per request, at two thousand requests a second, is a bill. Ask which of them you have read.',
    ],
  },
];
