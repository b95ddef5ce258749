/** Largest message that a page may send (bytes), above every comparison and bundle that people import through the page. */
export const MAX_MESSAGE_BYTES = 64 * 2 ** 20

/** Largest file that a page may send at once: bytes travel as base64, a third longer. Others are for the command line. */
export const MAX_UPLOAD_BYTES = 45 * 2 ** 20
