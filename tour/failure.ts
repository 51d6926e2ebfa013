/** Error that stops the tour, with the exit code of the process. */
export class TourFailure extends Error {
  override readonly name = "TourFailure";
  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message);
  }
}
