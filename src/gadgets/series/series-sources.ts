import type { ArrayHead } from '../../protocol/array.ts';
import type {
  ArrayCoverage,
  Picture,
  PictureQuestion,
  Window,
  WindowQuestion,
} from '../../protocol/array-client.ts';
import { ArrayAnswer } from '../exact/array-answer.ts';
import { ArrayHeadController } from '../exact/array-head.ts';
import { elementOf, elementText, isWide } from '../exact/element-text.ts';
import { type Extent, wholeExtent } from '../exact/extent.ts';
import type { Formats } from '../format.ts';
import type { Gadget } from '../gadget.ts';
import { CellStack, type SeriesCells, seriesCells } from './series-cells.ts';
import { elementQuestion, pictureOf, placesOf, questionOf, type SeriesLine } from './series-question.ts';

/** What is looked at now. */
export interface SeriesView {
  readonly array: string | undefined;
  readonly axis: number;
  readonly column: string | undefined;
  readonly at: readonly bigint[] | undefined;
  extent(): Extent;
  /** CSS px. */
  width(): number;
  /** The way it moves. */
  readonly ahead: number;
  /** Whether all of the line is shown beside. */
  readonly overview: boolean;
  /** The element under the pointer. */
  readonly hovered: bigint | undefined;
}

/** Points of the picture of all of a line. */
const wholePoints = 600;

/** What a line's gadget has of its array: the head, pictures of what is in view and of all, the element under the pointer. */
export class SeriesSources {
  readonly #view: () => SeriesView;
  readonly #head: ArrayHeadController;
  readonly #stack = new CellStack();
  readonly #cells: ArrayAnswer<PictureQuestion, Picture>;
  readonly #whole: ArrayAnswer<PictureQuestion, Picture>;
  readonly #exact: ArrayAnswer<WindowQuestion, Window>;
  #of: string | undefined;

  constructor(host: Gadget, view: () => SeriesView) {
    this.#view = view;
    this.#head = new ArrayHeadController(host, () => view().array);
    this.#cells = new ArrayAnswer<PictureQuestion, Picture>(
      host,
      () => this.#question(),
      (client, question, observer) => client.picture(question, observer),
      (picture) => this.#stack.add(seriesCells(picture, view().axis)),
    );
    this.#whole = new ArrayAnswer<PictureQuestion, Picture>(
      host,
      () => this.#wholeQuestion(),
      (client, question, observer) => client.picture(question, observer),
    );
    this.#exact = new ArrayAnswer<WindowQuestion, Window>(
      host,
      () => this.#exactQuestion(),
      (client, question, observer) => client.window(question, observer),
    );
  }

  get head(): ArrayHead | undefined {
    return this.#head.head;
  }

  /** Elements along the axis drawn. */
  get size(): bigint {
    return this.#head.shape[this.#view().axis] ?? 1n;
  }

  get isEmpty(): boolean {
    return this.#head.shape.length === 0 || this.#head.shape.includes(0n);
  }

  get isSettling(): boolean {
    return this.#cells.isSettling;
  }

  get coverage(): ArrayCoverage | undefined {
    return this.#cells.coverage;
  }

  get newest(): SeriesCells | undefined {
    return this.#stack.newest;
  }

  /** In the order to draw in. */
  drawn(): Iterable<SeriesCells> {
    return this.#stack.drawn();
  }

  /** All of the line, where it is shown. */
  get whole(): SeriesCells | undefined {
    return this.#whole.answer && seriesCells(this.#whole.answer, this.#view().axis);
  }

  /** Forgets the pictures of another line; whether it did. */
  follow(): boolean {
    const { array, axis } = this.#view();
    const of = JSON.stringify([array, axis, this.#line?.places.map(String), this.head?.epoch]);
    if (of === this.#of) return false;
    this.#stack.clear();
    this.#of = of;
    return true;
  }

  /** `value` of element `index` as text: the element itself where a double does not hold it, marked ≈ until it is here. */
  exactText(index: bigint, value: number, formats: Formats): string {
    const dtype = this.head?.dtype ?? 'float64';
    const exact = this.#exact.answer;
    if (isWide(dtype) && exact && exact.first[this.#view().axis] === index && exact.values.length === 1)
      return elementText(elementOf(exact.values, dtype, 0), dtype, formats);
    return `${isWide(dtype) ? '≈ ' : ''}${elementText(value, dtype, formats)}`;
  }

  get #line(): SeriesLine | undefined {
    const { array, axis, at, column } = this.#view();
    const { shape } = this.#head;
    return array ? { array, shape, axis, places: placesOf(shape, at, column) } : undefined;
  }

  #question(): PictureQuestion | undefined {
    const [line, view] = [this.#line, this.#view()];
    const width = view.width();
    return line && width >= 1 ? questionOf(line, view.extent(), width, view.ahead) : undefined;
  }

  #wholeQuestion(): PictureQuestion | undefined {
    const line = this.#line;
    return line && this.#view().overview ? pictureOf(line, wholeExtent(this.size), wholePoints) : undefined;
  }

  #exactQuestion(): WindowQuestion | undefined {
    const [line, { hovered }] = [this.#line, this.#view()];
    if (!line || !this.head || hovered === undefined || this.newest?.step !== 1n) return undefined;
    return elementQuestion(line, this.head.dtype, hovered);
  }
}
