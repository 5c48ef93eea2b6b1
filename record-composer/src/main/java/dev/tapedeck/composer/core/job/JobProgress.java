package dev.tapedeck.composer.core.job;

/** Hears how far a conversion is, and may stop it. */
public interface JobProgress {
  JobProgress NONE = (step, done) -> {};

  /**
   * Called now and then, never backwards.
   *
   * @param step what is being done, for people
   * @param done 0..1 of the whole job
   * @throws JobCanceledException to stop the conversion
   */
  void at(String step, double done);
}
