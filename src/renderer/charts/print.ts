/**
 * A picture alone on a page of its own size, for the print dialogue of the browser or the desktop app, which saves it as
 * PDF: lines stay lines and words stay words.
 */

const CLASS = 'printed-picture'

/** Takes back what the last print put into the document; it is nowhere to be seen on the screen. */
let tidyUp = (): void => {}

/** @param title what the dialogue proposes as the name of the file */
export async function printPicture(svg: Blob, title: string): Promise<void> {
  tidyUp()
  const text = await svg.text()
  const { width, height } = sizeOf(text)
  const picture = new Image()
  picture.className = CLASS
  picture.alt = title
  picture.src = `data:image/svg+xml,${encodeURIComponent(text)}`
  await picture.decode()

  // A style sheet that is made, not written into the page, is what its content security policy lets through.
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`
    @page { size: ${width} ${height}; margin: 0 }
    @media screen { .${CLASS} { display: none } }
    @media print {
      html, body { width: ${width}; height: ${height}; margin: 0; overflow: hidden; background: none }
      body > :not(.${CLASS}) { display: none !important }
      .${CLASS} { display: block; width: ${width}; height: ${height} }
    }`)
  document.adoptedStyleSheets.push(sheet)
  document.body.append(picture)
  const pageTitle = document.title
  document.title = title
  tidyUp = () => {
    picture.remove()
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet)
    tidyUp = () => {}
  }
  window.addEventListener('afterprint', tidyUp, { once: true })
  window.print()
  document.title = pageTitle
}

/** As CSS lengths: of the whole picture, in millimetres or in CSS pixels. */
export function sizeOf(svg: string): { readonly width: string; readonly height: string } {
  const found = /<svg[^>]*? width="([\d.]+)(mm|)" height="([\d.]+)\2"/.exec(svg)
  if (found === null) throw new Error('The picture does not say how large it is.')
  const unit = found[2] === 'mm' ? 'mm' : 'px'
  return { width: `${found[1]}${unit}`, height: `${found[3]}${unit}` }
}
