package dev.tapedeck.media.core.worker;

/** Things done one after the other, each of them whether or not those before it failed by a mistake of ours. */
final class Attempts {
  private RuntimeException failure;

  void make(Runnable attempt) {
    try {
      attempt.run();
    } catch (RuntimeException e) {
      if (failure == null) {
        failure = e;
      } else {
        failure.addSuppressed(e);
      }
    }
  }

  /** @throws RuntimeException the first failure, with the later ones suppressed, if there was any */
  void throwFailure() {
    if (failure != null) {
      throw failure;
    }
  }
}
