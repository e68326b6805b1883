import type { SeedArticle } from './article.ts';

const author = 'Mara Lindqvist';

export const SHIPPING: readonly SeedArticle[] = [
  {
    author,
    title: 'Ship on a Tuesday morning',
    description: 'When a change goes out decides who is awake when it goes wrong.',
    tags: ['shipping', 'teams'],
    likedBy: ['Sam Achterberg', 'Demo Reader', 'Ines Okafor', 'Jun Watanabe'],
    paragraphs: [
      'We used to release on Thursday afternoons. Nobody had chosen it. It was simply when the week’s work was done, and so it was also when everybody was tired, when the person who knew the payment code had left for the train, and when a slow leak had a whole night to fill the disk before anyone looked.',
      'Then we moved the large releases to Tuesday, at ten. Nothing about the code changed. What changed was that a problem found at eleven had six working hours and a full room in front of it. The same mistakes still happened; they just stopped being stories that people told at dinner.',
      'If you can release at any hour without thinking about it, do that, and do it often. But most of us have one or two changes a month that deserve an audience. Give them the best hour of the week rather than the one that was left over.',
      'There is a test for whether your pipeline is good enough to ignore this advice: would you press the button, close the laptop and go for a walk? If you hesitate, it is not Tuesday yet.',
    ],
  },
  {
    author,
    title: 'What a canary can and cannot see',
    description: 'Five per cent of the traffic does not find a fault that one visitor in ten thousand meets.',
    tags: ['canary', 'shipping', 'statistics'],
    likedBy: ['Ines Okafor', 'Tomás Ferreira', 'Demo Reader'],
    paragraphs: [
      'A canary release sends a small share of the visitors to the new version and compares. It feels scientific, and it can be. But a comparison only tells you something when enough has been compared, and on a quiet service five per cent of the traffic may be four requests a minute.',
      'Take a fault that breaks one request in a hundred. To have a good chance of noticing it you want to see it several times, so you need several hundred requests through the new version. At four a minute that is two hours. If the whole roll-out takes ten minutes, the canary was a ceremony.',
      'Three things help. Wait longer at the first step, because that is where being wrong is cheapest. Add requests of your own when the real ones are few. And decide beforehand which faults you want to catch, then work out whether you would.',
      'What a canary will never see is the fault that has nothing to do with traffic: the job that runs on the first of the month, the cache that fills over a weekend, the migration that only hurts the one customer with nine million rows. For those there are other tools. A bird in a cage measures the air, not the timber.',
    ],
  },
  {
    author,
    title: 'Rolling back is a feature',
    description: 'You will need it at the worst moment, so it should be the best rehearsed thing you have.',
    tags: ['shipping', 'reliability'],
    likedBy: ['Jun Watanabe', 'Demo Reader'],
    paragraphs: [
      'Every team has a way to go back. In some it is a button. In others it is a person named Lars who remembers which tag was fine. Both work on a calm day, and you will not be needing it on a calm day.',
      'We now roll back on purpose once a month, in production, at an hour we choose. The first time it took forty minutes, because the old image had been cleaned away by a well-meaning script. The second time it took four. Nobody talks about it any more, which is the point.',
      'The part that bites is data. Code goes back; a dropped column does not. So a change to the database comes in two releases: one that can live with both shapes, and only when nobody wants to go back any more, one that tidies up. It is slower by a week and it has never once been the reason for a bad night.',
    ],
  },
  {
    author,
    title: 'The drain before the stop',
    description:
      'A process that ends politely still loses requests if nobody has been told that it is leaving.',
    tags: ['shipping', 'reliability', 'operations'],
    likedBy: ['Jun Watanabe', 'Ines Okafor'],
    paragraphs: [
      'Here is a puzzle from last spring. Our service caught the signal to stop, finished every request it had, closed its connections and left with a clean exit code. And still, at each release, about twenty visitors saw an error.',
      'The requests that failed had never reached the process. They had been sent by load balancers which did not know yet that it was going. News of a departure travels: from the scheduler to the endpoints, from there to every proxy. It takes a second or two, and during that time requests keep arriving at a door that has just been locked.',
      'The cure is dull. When told to stop, first say “not ready” and go on working for five seconds as if nothing had happened. Then close the door. By then nobody is knocking. It costs five seconds per release and it took our twenty errors to none.',
    ],
  },
  {
    author,
    title: 'Small changes are not about discipline',
    description: 'People make small changes when small changes are cheap. Everything else is exhortation.',
    tags: ['shipping', 'teams'],
    likedBy: ['Sam Achterberg', 'Edith Brandt', 'Demo Reader'],
    paragraphs: [
      'For years I asked for smaller pull requests. I wrote it in guides, I said it kindly in reviews, I drew a chart. The average size stayed where it was. Then we made the checks run in four minutes instead of twenty-six, and within a month it had halved.',
      'Nobody had been lazy. When every change costs half an hour of waiting, a sensible person puts three things into one. When it costs the time to fetch a coffee, a sensible person does not.',
      'So before asking people to behave differently, I look for the toll booth. There is nearly always one, and it is nearly always ours.',
    ],
  },
];
