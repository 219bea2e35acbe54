const nodes = [...document.querySelectorAll('.node')], paths = [...document.querySelectorAll('path[data-of]')];
const byId = new Map(nodes.map(one => [one.dataset.id, one])), says = document.getElementById('says');
const before = new Map(), after = new Map();
for (const one of paths) {
  (after.get(one.dataset.of) ?? after.set(one.dataset.of, []).get(one.dataset.of)).push(one.dataset.to);
  (before.get(one.dataset.to) ?? before.set(one.dataset.to, []).get(one.dataset.to)).push(one.dataset.of);
}
function reach(from, ways) {
  const found = new Set([from]), pending = [from];
  while (pending.length) for (const one of ways.get(pending.pop()) ?? []) if (!found.has(one)) { found.add(one); pending.push(one); }
  return found;
}
function choose(id) {
  for (const one of nodes) one.classList.remove('chosen', 'faded');
  for (const one of paths) one.classList.remove('lit', 'faded');
  says.textContent = '';
  if (!id) return;
  const up = reach(id, before), down = reach(id, after);
  for (const one of nodes) one.classList.toggle('faded', !up.has(one.dataset.id) && !down.has(one.dataset.id));
  for (const one of paths) {
    const lit = (up.has(one.dataset.of) && up.has(one.dataset.to)) || (down.has(one.dataset.of) && down.has(one.dataset.to));
    one.classList.toggle('lit', lit); one.classList.toggle('faded', !lit);
  }
  const node = byId.get(id);
  node.classList.add('chosen');
  says.textContent = id + ': ' + node.dataset.says + ' (hangs on ' + (up.size - 1) + ', ' + (down.size - 1) + ' hang on it)';
}
for (const one of nodes) {
  one.addEventListener('click', event => { event.stopPropagation(); choose(one.dataset.id); });
  one.addEventListener('keydown', event => { if (event.key === 'Enter') choose(one.dataset.id); });
}
document.addEventListener('keydown', event => { if (event.key === 'Escape') choose(''); });
document.querySelector('svg').addEventListener('click', () => choose(''));
document.getElementById('find').addEventListener('change', event => {
  const wanted = event.target.value.toLowerCase().replace(/[ _]/g, '-');
  const node = nodes.find(one => one.dataset.id.split(' ')[1].toLowerCase().replace(/[ _]/g, '-').endsWith(wanted))
    ?? nodes.find(one => one.dataset.id.toLowerCase().replace(/[ _]/g, '-').includes(wanted));
  if (wanted && node) { choose(node.dataset.id); node.scrollIntoView({block: 'center', inline: 'center'}); } else choose('');
});
const drawing = document.querySelector('svg'), wide = drawing.width.baseVal.value, high = drawing.height.baseVal.value;
document.getElementById('zoom').addEventListener('input', event => {
  drawing.setAttribute('width', wide * event.target.value); drawing.setAttribute('height', high * event.target.value);
});
