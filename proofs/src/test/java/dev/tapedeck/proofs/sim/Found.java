package dev.tapedeck.proofs.sim;

/** A promise that did not hold. */
final class Found extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final String check;

  /** @param check the promise, in few words, the same for all runs */
  Found(String check, String detail) {
    super(check + ": " + detail);
    this.check = check;
  }

  Found(String check, String detail, Throwable cause) {
    super(check + ": " + detail, cause);
    this.check = check;
  }

  String check() {
    return check;
  }

  static void unless(boolean holds, String check, String detail) {
    if (!holds) {
      throw new Found(check, detail);
    }
  }
}
