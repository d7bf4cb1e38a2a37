/** What happens as a file is dragged over a page. */
export interface PageDrop {
  /** A file hovers over the page, or no longer does. */
  over(isOver: boolean): void;
  dropped(file: File): void;
}

/** Makes a whole page accept a file; only what brings files counts, and text goes where it is dropped. */
export function onPageDrop(page: Document, { over, dropped }: PageDrop): () => void {
  let depth = 0;
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
  const enter = (event: DragEvent): void => {
    if (hasFiles(event) && depth++ === 0) over(true);
  };
  const leave = (event: DragEvent): void => {
    if (hasFiles(event) && --depth <= 0) {
      depth = 0;
      over(false);
    }
  };
  const hover = (event: DragEvent): void => {
    if (hasFiles(event)) event.preventDefault();
  };
  const drop = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    over(false);
    const file = event.dataTransfer?.files[0];
    if (file) dropped(file);
  };
  page.addEventListener('dragenter', enter);
  page.addEventListener('dragleave', leave);
  page.addEventListener('dragover', hover);
  page.addEventListener('drop', drop);
  return () => {
    page.removeEventListener('dragenter', enter);
    page.removeEventListener('dragleave', leave);
    page.removeEventListener('dragover', hover);
    page.removeEventListener('drop', drop);
  };
}
