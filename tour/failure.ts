/** Why the tour stops; the message is for a person, the number for a shell. */
export class TourFailure extends Error {
  override readonly name = "TourFailure";
  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message);
  }
}
