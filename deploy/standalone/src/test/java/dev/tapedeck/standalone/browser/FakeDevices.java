package dev.tapedeck.standalone.browser;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/**
 * Writes the files that stand in for a performer's camera and microphone. The upper two thirds of the picture are
 * plain; below them blocks of brightness change from frame to frame, so that encoders always have something to say.
 */
final class FakeDevices {
  static final int FRAMES_PER_SECOND = 30;

  /** Browsers play the files in a loop. */
  private static final int FRAMES = 45;

  private static final int BLOCK_PIXELS = 8;
  private static final int SAMPLE_RATE = 48_000;
  private static final double AMPLITUDE = 0.4 * Short.MAX_VALUE;

  private FakeDevices() {}

  /** A YUV4MPEG2 file with frames of 4:2:0. */
  static void writeCamera(Performer performer, Path file) throws IOException {
    int width = performer.width;
    int height = performer.height;
    byte[] luma = filled(width * height, performer.luma());
    byte[] blueChroma = filled(width * height / 4, performer.blueChroma());
    byte[] redChroma = filled(width * height / 4, performer.redChroma());
    var random = new SplittableRandom(performer.ordinal());
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      out.write(ascii("YUV4MPEG2 W" + width + " H" + height + " F" + FRAMES_PER_SECOND + ":1 Ip A1:1 C420\n"));
      for (int frame = 0; frame < FRAMES; frame++) {
        drawBlocks(luma, width, height, random);
        out.write(ascii("FRAME\n"));
        out.write(luma);
        out.write(blueChroma);
        out.write(redChroma);
      }
    }
  }

  /** One second of a sine, 16 bits, mono; whole periods, so that the loop has no click. */
  static void writeMicrophone(Performer performer, Path file) throws IOException {
    byte[] samples = new byte[SAMPLE_RATE * 2];
    for (int i = 0; i < SAMPLE_RATE; i++) {
      int sample = (int) Math.round(AMPLITUDE * Math.sin(2 * Math.PI * performer.toneHertz * i / SAMPLE_RATE));
      samples[2 * i] = (byte) sample;
      samples[2 * i + 1] = (byte) (sample >> 8);
    }
    var format = new AudioFormat(SAMPLE_RATE, 16, 1, true, false);
    try (var audio = new AudioInputStream(new ByteArrayInputStream(samples), format, SAMPLE_RATE)) {
      AudioSystem.write(audio, AudioFileFormat.Type.WAVE, file.toFile());
    }
  }

  private static void drawBlocks(byte[] luma, int width, int height, SplittableRandom random) {
    int top = height * 2 / 3 / BLOCK_PIXELS * BLOCK_PIXELS;
    byte[] row = new byte[width];
    for (int y = top; y < height; y++) {
      if (y % BLOCK_PIXELS == 0) {
        for (int x = 0; x < width; x += BLOCK_PIXELS) {
          Arrays.fill(row, x, Math.min(x + BLOCK_PIXELS, width), (byte) random.nextInt(64, 192));
        }
      }
      System.arraycopy(row, 0, luma, y * width, width);
    }
  }

  private static byte[] filled(int bytes, int value) {
    byte[] plane = new byte[bytes];
    Arrays.fill(plane, (byte) value);
    return plane;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
