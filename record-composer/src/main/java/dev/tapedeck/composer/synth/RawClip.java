package dev.tapedeck.composer.synth;

import dev.tapedeck.composer.core.media.OpusHead;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The same pictures and sound unencoded, as y4m and wav, which a browser takes in place of camera and microphone.
 *  Large: 10 MB for each second of 640x360. */
public final class RawClip {
  private static final int WAV_HEADER_BYTES = 44;
  private static final int BYTES_PER_SAMPLE = 2;

  private RawClip() {}

  /** Writes {@code participant-<k>.y4m} and {@code participant-<k>.wav}. */
  public static void write(SynthSpec spec, Path folder) throws IOException {
    writeY4m(spec, folder.resolve("participant-" + spec.participant() + ".y4m"));
    writeWav(spec, folder.resolve("participant-" + spec.participant() + ".wav"));
  }

  private static void writeY4m(SynthSpec spec, Path path) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 20);
        SynthPicture picture = new SynthPicture(spec.participant(), spec.width(), spec.height())) {
      out.write(ascii("YUV4MPEG2 W" + spec.width() + " H" + spec.height() + " F" + spec.framesPerSecond()
          + ":1 Ip A1:1 C420\n"));
      for (int i = 0; i < spec.pictures(); i++) {
        out.write(ascii("FRAME\n"));
        out.write(picture.draw(i).toBytes());
      }
    }
  }

  private static void writeWav(SynthSpec spec, Path path) throws IOException {
    int rate = OpusHead.SAMPLE_RATE;
    int dataBytes = Math.multiplyExact(spec.seconds(), rate * BYTES_PER_SAMPLE);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 20)) {
      out.write(ByteBuffer.allocate(WAV_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN)
          .put(ascii("RIFF")).putInt(WAV_HEADER_BYTES - 8 + dataBytes).put(ascii("WAVEfmt ")).putInt(16)
          .putShort((short) 1).putShort((short) 1).putInt(rate).putInt(rate * BYTES_PER_SAMPLE)
          .putShort((short) BYTES_PER_SAMPLE).putShort((short) (8 * BYTES_PER_SAMPLE))
          .put(ascii("data")).putInt(dataBytes).array());
      for (int second = 0; second < spec.seconds(); second++) {
        float[] samples = SynthTone.samples(SynthSpec.toneHz(spec.participant()), (long) second * rate, rate);
        ByteBuffer bytes = ByteBuffer.allocate(rate * BYTES_PER_SAMPLE).order(ByteOrder.LITTLE_ENDIAN);
        for (float sample : samples) {
          bytes.putShort((short) Math.round(sample * Short.MAX_VALUE));
        }
        out.write(bytes.array());
      }
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
