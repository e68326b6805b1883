// The editor's tags as pills: Enter or a comma adds one, its cross removes it. Without this script commas do.
const input = document.querySelector('#tags');
const list = input.parentElement.querySelector('.tag-list');
const hint = document.querySelector('#tags-hint');
const tags = new Set(JSON.parse(input.dataset.tags));

const sent = document.createElement('input');
sent.type = 'hidden';
sent.name = 'tagList';
input.after(sent);

function show() {
  sent.value = JSON.stringify([...tags]);
  list.replaceChildren(...[...tags].map(pill));
}

function pill(tag) {
  const cross = document.createElement('i');
  cross.className = 'ion-close-round';
  const remove = document.createElement('button');
  remove.type = 'button';
  remove.ariaLabel = `Remove the tag ${tag}`;
  remove.append(cross);
  remove.addEventListener('click', () => {
    tags.delete(tag);
    show();
    input.focus();
  });
  const shown = document.createElement('span');
  shown.className = 'tag-default tag-pill';
  shown.append(remove, ` ${tag}`);
  return shown;
}

function add() {
  for (const tag of input.value.split(',')) {
    if (tag.trim() !== '') tags.add(tag.trim());
  }
  input.value = '';
  show();
}

input.addEventListener('keydown', (event) => {
  // While a character is being composed, Enter ends that and nothing else.
  if (event.isComposing || (event.key !== 'Enter' && event.key !== ',')) return;
  event.preventDefault();
  add();
});
// What was typed and not ended is a tag too.
input.form.addEventListener('submit', add);

input.value = '';
hint.textContent = 'Up to twenty; Enter or a comma ends each.';
show();
