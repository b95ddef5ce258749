// What every chart of results is told alike, and hands on to its frame as it is.

export interface FigureProps {
  title: string
  /** Of the files, where the heading leaves out what the controls say. */
  fileTitle?: string | undefined
  /** N and what the bands are; said below the drawing and in its files. */
  caption?: string | undefined
  /** What is drawn is being computed anew. */
  pending?: boolean | undefined
  problem?: string | null | undefined
  /** Why there is nothing to draw. */
  empty?: string | undefined
}

/** Of a chart's own properties those that its frame shares. */
export const frameProps = ({ title, fileTitle, caption, pending, problem, empty }: FigureProps): FigureProps => ({
  title,
  fileTitle,
  caption,
  pending,
  problem,
  empty,
})
