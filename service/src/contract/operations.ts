import * as articles from './articles.ts';
import * as comments from './comments.ts';
import type { Operation } from './operation.ts';
import * as profiles from './profiles.ts';
import * as recommendations from './recommendations.ts';
import * as users from './users.ts';

/** Every operation of the API. `feed` stands before the slugs, or it would be taken for one. */
export const OPERATIONS: readonly Operation[] = [
  users.signIn,
  users.signUp,
  users.getCurrentUser,
  users.updateCurrentUser,
  profiles.getProfile,
  profiles.follow,
  profiles.unfollow,
  articles.getFeed,
  articles.listArticles,
  articles.createArticle,
  articles.getArticle,
  articles.updateArticle,
  articles.deleteArticle,
  articles.favoriteArticle,
  articles.unfavoriteArticle,
  comments.listComments,
  comments.createComment,
  comments.deleteComment,
  articles.listTags,
  recommendations.getRecommendations,
];
