/** What the people of the demonstration data say about its articles. */

/** A comment of the demonstration data. */
export interface SeedComment {
  readonly author: string;
  /** After the article. */
  readonly minutesLater: number;
  readonly body: string;
}

const HOUR = 60;
const DAY = 24 * HOUR;

/** By the article's title, the oldest first. */
export const COMMENTS: Readonly<Record<string, readonly SeedComment[]>> = {
  'Ship on a Tuesday morning': [
    {
      author: 'Sam Achterberg',
      minutesLater: 20,
      body: 'Ours was Friday before lunch, “to get it off the table”. It was back on the table by two.',
    },
    {
      author: 'Jun Watanabe',
      minutesLater: 45,
      body: 'The walk is a good test. I have never got further than the coffee machine.',
    },
    {
      author: 'Mara Lindqvist',
      minutesLater: 70,
      body: 'Jun, that is twelve steps more than I managed last year. It counts.',
    },
  ],
  'What a canary can and cannot see': [
    {
      author: 'Ines Okafor',
      minutesLater: 3 * HOUR,
      body: 'Deciding beforehand which faults one wants to catch is the part that everybody skips. We wrote ours on the wall: one per cent of errors, or twice the 99th percentile. The first sum showed that we needed eleven minutes and were waiting for four.',
    },
    {
      author: 'Demo Reader',
      minutesLater: 9 * HOUR,
      body: 'What do you do on a service that has four requests a minute even at noon?',
    },
    {
      author: 'Mara Lindqvist',
      minutesLater: 10 * HOUR,
      body: 'We send our own: a few hundred reads a minute, the same kinds that people make. It finds what is broken for everybody. For what is broken for some, we wait.',
    },
  ],
  'Rolling back is a feature': [
    {
      author: 'Tomás Ferreira',
      minutesLater: 2 * HOUR,
      body: 'Thank you for the paragraph about data. I have it printed out, beside the picture of the column that I once dropped on a Monday.',
    },
  ],
  'The drain before the stop': [
    {
      author: 'Ines Okafor',
      minutesLater: 5 * HOUR,
      body: 'We found ours the same way round: the service swore that it had lost nothing, and it was right.',
    },
    {
      author: 'Jun Watanabe',
      minutesLater: DAY,
      body: 'Five seconds is enough inside a cluster. Behind the load balancer of a cloud we had to go to two minutes before the last request stopped coming.',
    },
  ],
  'Leave the leaves': [
    {
      author: 'Jun Watanabe',
      minutesLater: 4 * HOUR,
      body: 'I made the ring of chicken wire two autumns ago and forgot it, as told. Opened it on Sunday. It smells like a forest.',
    },
    {
      author: 'Demo Reader',
      minutesLater: 7 * HOUR,
      body: 'Does it work with oak? Mine seem to last for ever.',
    },
    {
      author: 'Edith Brandt',
      minutesLater: 8 * HOUR,
      body: 'It does, it only takes a year longer. Oak is in no hurry about anything.',
    },
  ],
  'Sow less, more often': [
    {
      author: 'Mara Lindqvist',
      minutesLater: 6 * HOUR,
      body: 'I think that I am the friend. We call it “reducing batch size” and hold workshops about it. You may have the lettuce version with my compliments.',
    },
  ],
  'A pond in a washing-up bowl': [
    {
      author: 'Sam Achterberg',
      minutesLater: 11 * HOUR,
      body: 'Ours has been there for three weeks. So far: one gnat, one very disappointed child.',
    },
    {
      author: 'Edith Brandt',
      minutesLater: 13 * HOUR,
      body: 'Week two is the beetle. Take a torch out at ten and let the child hold it.',
    },
    {
      author: 'Sam Achterberg',
      minutesLater: 6 * DAY,
      body: 'There was a beetle. It has a name now.',
    },
  ],
  'Notes from forty springs': [
    {
      author: 'Ines Okafor',
      minutesLater: 2 * HOUR,
      body: 'This is the best data set that I have heard of this year, and it is on a larder door. Please photograph it. One copy is not a backup.',
    },
    {
      author: 'Tomás Ferreira',
      minutesLater: 3 * HOUR,
      body: 'And then put the photograph back on a door, once, to see that you can.',
    },
    {
      author: 'Demo Reader',
      minutesLater: 2 * DAY,
      body: 'I have begun with the first swift over our street. Year one: the third of May. It looks lonely, but one has to start.',
    },
  ],
  'A backup is a rumour until you have restored it': [
    {
      author: 'Edith Brandt',
      minutesLater: HOUR,
      body: 'The same is true of preserved plums.',
    },
    {
      author: 'Jun Watanabe',
      minutesLater: 5 * HOUR,
      body: 'We count the rows of six tables too, since last month, because of a draft of this article. On the third morning the message did not come. The disk of the test machine was full, with restored backups.',
    },
  ],
  'Add a column without anybody noticing': [
    {
      author: 'Mara Lindqvist',
      minutesLater: 90,
      body: 'The line with lock_timeout is in our template now. It took four tries yesterday afternoon, and nobody knew but the log.',
    },
  ],
  'Ten connections are plenty': [
    {
      author: 'Sam Achterberg',
      minutesLater: 7 * HOUR,
      body: 'I showed this to the colleague who wanted three hundred. We settled on measuring first. The wait for a connection was nothing at all.',
    },
  ],
  'The average visitor does not exist': [
    {
      author: 'Tomás Ferreira',
      minutesLater: 3 * HOUR,
      body: 'One page in four. I did not believe it, and then I did the sum: 0.99 to the thirtieth. I shall be telling this to people at parties.',
    },
    {
      author: 'Ines Okafor',
      minutesLater: 4 * HOUR,
      body: 'Please also tell them about the histograms.',
    },
  ],
  'An alert is a promise to get out of bed': [
    {
      author: 'Jun Watanabe',
      minutesLater: 10 * HOUR,
      body: 'How did you get people to agree to the deleting? With us every alert has a godparent.',
    },
    {
      author: 'Ines Okafor',
      minutesLater: 12 * HOUR,
      body: 'We did not delete. We sent them to a channel that nobody had to read, and asked after a month who had missed something. Then we deleted.',
    },
  ],
  'Write the decision down in fifteen lines': [
    {
      author: 'Edith Brandt',
      minutesLater: 5 * HOUR,
      body: '“A decision without a price was no decision; it was a preference.” I have read this aloud at breakfast, to some effect.',
    },
    {
      author: 'Demo Reader',
      minutesLater: 30 * HOUR,
      body: 'Do you write down the small ones too? I never know where to stop.',
    },
    {
      author: 'Sam Achterberg',
      minutesLater: 32 * HOUR,
      body: 'If two people discussed it for longer than it takes to write fifteen lines, it was not small.',
    },
  ],
  'Estimates are weather forecasts': [
    {
      author: 'Mara Lindqvist',
      minutesLater: 8 * HOUR,
      body: 'As somebody from a city where it snows at Easter: you have nothing to be ashamed of.',
    },
  ],
  'A platform is a product with a captive audience': [
    {
      author: 'Sam Achterberg',
      minutesLater: 6 * HOUR,
      body: 'I was the one with the drafts folder. It was a good drafts folder.',
    },
  ],
  'What the leaking tap knew': [
    {
      author: 'Edith Brandt',
      minutesLater: 2 * HOUR,
      body: 'I heard that tap from my side of the hedge for two summers. I did not like to say anything. A washer costs forty cents.',
    },
    {
      author: 'Jun Watanabe',
      minutesLater: 3 * HOUR,
      body: 'Neighbours, it turns out, are monitoring.',
    },
  ],
  'Delete it in daylight': [
    {
      author: 'Tomás Ferreira',
      minutesLater: 4 * HOUR,
      body: 'Eleven in the morning! I had always thought that it was the coffee.',
    },
  ],
};
