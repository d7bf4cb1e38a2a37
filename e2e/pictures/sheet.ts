/** Several views beside each other, each in a window of its own: `?state=…&theme=…&width=…&views=["#/home",…]`. */
const asked = new URLSearchParams(location.search);
const width = Number(asked.get('width') ?? 1440);
const height = Number(asked.get('height') ?? 900);
const scale = Number(asked.get('scale') ?? 0.5);
const columns = Number(asked.get('columns') ?? 3);
const views = JSON.parse(asked.get('views') ?? '{}') as Readonly<Record<string, string>>;
document.body.style.gridTemplateColumns = `repeat(${columns}, ${width * scale}px)`;
for (const [name, fragment] of Object.entries(views)) {
  const figure = document.createElement('figure');
  const caption = document.createElement('figcaption');
  caption.textContent = name;
  const box = document.createElement('div');
  box.style.cssText = `width:${width * scale}px;height:${height * scale}px`;
  const frame = document.createElement('iframe');
  frame.title = name;
  frame.src = `index.html?state=${asked.get('state')}&theme=${asked.get('theme')}${fragment}`;
  frame.style.cssText = `width:${width}px;height:${height}px;transform:scale(${scale})`;
  box.append(frame);
  figure.append(caption, box);
  document.body.append(figure);
}
