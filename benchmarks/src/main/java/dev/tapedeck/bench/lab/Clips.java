package dev.tapedeck.bench.lab;

import dev.tapedeck.bench.client.PublishedTrack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** Sound and picture of synthetic participants, made once per run by the composer. */
public final class Clips {
  public static final int SECONDS = 9;
  public static final int PARTICIPANTS = 2;
  public static final int FRAMES_PER_SECOND = 15;

  private static final Path FOLDER = Checkout.resolve("benchmarks/target/clips");

  private static boolean made;

  private Clips() {}

  /** Opus and VP8 of one participant, both from the beginning. */
  public static List<PublishedTrack> of(int participant, RandomGenerator random) {
    make();
    try {
      return List.of(
          PublishedTrack.audio(file(participant, "opus"), Duration.ofSeconds(SECONDS), random),
          PublishedTrack.video(file(participant, "vp8"), Duration.ofSeconds(SECONDS), random));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opus alone. */
  public static List<PublishedTrack> soundOf(int participant, RandomGenerator random) {
    return of(participant, random).subList(0, 1);
  }

  private static synchronized void make() {
    if (!made) {
      Folders.empty(FOLDER);
      ToolRun.of(Program.COMPOSER, "synth", "--participants", "" + PARTICIPANTS, "--seconds", "" + SECONDS,
          "--width", "320", "--height", "180", "--fps", "" + FRAMES_PER_SECOND, "--out", FOLDER.toString())
          .requireSuccess();
      made = true;
    }
  }

  private static Path file(int participant, String codec) {
    Path file = FOLDER.resolve("participant-" + participant + "." + codec + ".ivf");
    if (Files.notExists(file)) {
      throw new IllegalStateException("composer synth made no " + file);
    }
    return file;
  }
}
