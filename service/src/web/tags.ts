import type { Typed } from './forms.ts';

/**
 * The tags that a form was sent with: with commas between them as somebody typed them and, by the script of the editor,
 * as a JSON list in a field of its own, which can hold tags with commas in them.
 */
export function sentTags({ tagList = '', tags = '' }: Typed): string[] {
  return [...new Set([...listed(tagList), ...splitTags(tags)])];
}

function splitTags(tags: string): string[] {
  return tags
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

function listed(json: string): string[] {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) ? list.filter((tag) => typeof tag === 'string') : [];
  } catch {
    // No script ran, or it was none of ours: then what was typed is all there is.
    return [];
  }
}
