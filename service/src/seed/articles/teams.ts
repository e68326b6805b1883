import type { SeedArticle } from './article.ts';

const author = 'Sam Achterberg';

export const TEAMS: readonly SeedArticle[] = [
  {
    author,
    title: 'Write the decision down in fifteen lines',
    description:
      'Not for the auditors. For yourself, next spring, wondering what on earth you were thinking.',
    tags: ['teams', 'writing'],
    likedBy: ['Mara Lindqvist', 'Edith Brandt', 'Demo Reader'],
    paragraphs: [
      'We chose a message queue in 2022. In 2024 a new colleague asked why that one, and of the four people who had been in the room two had left and two remembered different reasons. So we had the whole discussion again, and came to the same result, and this time somebody wrote it down.',
      'Fifteen lines are enough. What was the situation, what did we decide, what does it cost us. The third part is the one that gets left out and the one that is worth most. A decision without a price was no decision; it was a preference.',
      'Keep it beside the code and give it a number. Never edit it: when you change your mind, write another one that says so. What you get after a few years is not a rule book. It is a diary, and new people read it in an afternoon.',
    ],
  },
  {
    author,
    title: 'The review that asks a question',
    description: '“Why not use a map here?” is a question only if you would accept an answer.',
    tags: ['teams', 'code-review'],
    likedBy: ['Ines Okafor', 'Demo Reader'],
    paragraphs: [
      'There are remarks in reviews which look like questions and are orders. The person who receives one knows. They change the code, a little resentfully, and nobody learns whether the first version had a reason.',
      'I now sort what I want to say before I say it. Is it wrong? Then I say what breaks and for whom. Would I have done it otherwise? Then I usually keep it to myself. Do I not understand it? Then I ask, and mean it, because the next reader will not understand it either, and a comment in the code will serve both of us.',
      'It leaves fewer remarks, and they are taken more seriously. The best review I ever received was one line: “What happens if this runs twice?” It took me two days to answer.',
    ],
  },
  {
    author,
    title: 'Estimates are weather forecasts',
    description: 'Nobody blames the forecast for the rain. They do mind when it never says how sure it is.',
    tags: ['teams', 'planning'],
    likedBy: ['Mara Lindqvist'],
    paragraphs: [
      '“Three weeks,” I said, and what I meant was: if nothing surprising happens, which it always does. What was heard was a date. By the time that I had noticed the difference it was on a slide.',
      'These days I give two numbers: by when I would be pleasantly surprised, and by when I would be embarrassed. It is honest, it is no more work, and the distance between the two says what I really know. When it is large we do a piece of the work first and look again.',
      'And like any forecaster I keep the score. My “embarrassed” dates hold about nine times in ten. My “pleasant” ones hold about as often as it snows at Easter.',
    ],
  },
  {
    author,
    title: 'Five people and a list',
    description: 'What we still do by hand, on paper, on Mondays, and why no tool has replaced it.',
    tags: ['teams', 'habits', 'planning'],
    likedBy: ['Edith Brandt', 'Jun Watanabe'],
    paragraphs: [
      'On Monday at half past nine we stand around a sheet of paper and write down what each of us will finish this week. Not work on: finish. It is never more than one line each. On the Monday after, we cross out what is done, and say a sentence about what is not.',
      'We have a tool too, with boards and colours and eleven kinds of ticket. It knows everything and it has never once made anybody feel that Friday was near.',
      'The paper holds five lines because five lines are what fits. Somebody always wants to add a sixth. That is when the useful conversation begins.',
    ],
  },
];
