import type { SeedArticle } from './article.ts';

const author = 'Edith Brandt';

export const GARDENING: readonly SeedArticle[] = [
  {
    author,
    title: 'Leave the leaves',
    description: 'The tidiest garden in the street is also the quietest, and not in a good way.',
    tags: ['gardening', 'autumn'],
    likedBy: ['Jun Watanabe', 'Sam Achterberg', 'Demo Reader'],
    paragraphs: [
      'Every November my neighbour blows his leaves into bags and drives them to the tip. In March he drives back with other bags, of compost, which he has paid for. I have tried to find a gentle way to mention this.',
      'Leaves on a bed are a blanket. Worms pull them under, beetles sleep in them, and the blackbirds that turn them over in January are eating next summer’s slugs. Take them off the lawn and the paths, where they smother and slip. Anywhere else they are already where they should be.',
      'If you want something to do, make a ring of chicken wire behind the shed and fill it with what you raked from the grass. Forget it for two years. What you find then costs nothing and is better than anything in a bag.',
    ],
  },
  {
    author,
    title: 'Sow less, more often',
    description: 'Forty lettuces in one week is not a harvest but an emergency.',
    tags: ['gardening', 'habits'],
    likedBy: ['Mara Lindqvist', 'Demo Reader'],
    paragraphs: [
      'The packet holds five hundred seeds, and the row is three metres long, so in April one sows the row. In June there are forty lettuces, all ready in the same week, and by July all forty have gone to flower except the six that the family could be made to eat.',
      'Sow a hand’s length instead, every second Saturday, from March to August. It takes ten minutes, it fits in the calendar beside the recycling, and there is always a lettuce. If one sowing fails, to slugs or to a dry week, you have lost a fortnight and not a season.',
      'A friend who makes software tells me that they have discovered the same thing and have given it several names.',
    ],
  },
  {
    author,
    title: 'The tomato that taught me to stop feeding',
    description: 'More is a direction and not a plan.',
    tags: ['gardening', 'vegetables'],
    likedBy: ['Jun Watanabe'],
    paragraphs: [
      'In a wet year I decided that my tomatoes were hungry. I fed them on Sundays and, because they looked so well on it, on Wednesdays. They grew to the roof of the greenhouse, dark green and magnificent, and bore eleven tomatoes.',
      'A plant that has everything makes leaves. It turns to fruit when it has some reason to think of the future: a little thirst, a root that has met the side of the pot. I have learnt to wait until the first fruits have set, and then to feed modestly, and to let the soil dry at the top before I reach for the can.',
      'It is hard to do nothing when one is fond of a thing. I keep the old feeding diary on the shelf to remind me.',
    ],
  },
  {
    author,
    title: 'A pond in a washing-up bowl',
    description: 'Half a square metre of water brings more life than the rest of the garden put together.',
    tags: ['gardening', 'wildlife'],
    likedBy: ['Sam Achterberg', 'Mara Lindqvist', 'Jun Watanabe'],
    paragraphs: [
      'Sink an old washing-up bowl into the ground until its rim is level. Put in some gravel, a brick as a step for whatever falls in, and fill it with rain. One small water plant, from a friend’s pond and not from a shop. That is the whole of the instructions.',
      'In the first week there will be nothing but a gnat. In the second, a beetle that has flown there at night, following the shine. By the end of the summer I had counted newts, three kinds of dragonfly, and a hedgehog who comes at ten, drinks like an old man at a bar, and leaves.',
      'No fish. They eat everything that you made it for.',
    ],
  },
  {
    author,
    title: 'Notes from forty springs',
    description: 'I have written down the date of the first blossom since 1986. It has moved.',
    tags: ['gardening', 'data'],
    likedBy: ['Ines Okafor', 'Tomás Ferreira', 'Sam Achterberg', 'Demo Reader'],
    paragraphs: [
      'There is a pear tree outside the kitchen. Each year I write the date of its first open flower on the inside of the larder door. I began for no reason, on a wet morning with a pencil in my hand, and then it would have been a pity to stop.',
      'For the first ten years the dates wander about the second half of April. In the last ten they wander about its first week. No single year proves anything: 2013 was late, and so was 2021. It took a column of forty numbers and a ruler to see what I could not have remembered.',
      'I am often asked what one should measure. Something small, I say, that you pass every day, and that you will still be passing when it has become interesting.',
    ],
  },
];
