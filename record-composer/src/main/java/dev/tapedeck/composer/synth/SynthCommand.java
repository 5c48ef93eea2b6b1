package dev.tapedeck.composer.synth;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.composer.core.media.MediaCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code composer synth}: makes clips of synthetic participants, and {@code clips.json} that lists them. */
@Command(name = "synth", mixinStandardHelpOptions = true,
    description = "Make clips of synthetic participants: each has a colour, a picture counter and a tone.")
public final class SynthCommand implements Callable<Integer> {

  /** The list of clips beside them.
   *  @param clips in the order of participants */
  public record Index(List<SynthClip> clips) {}

  @Option(names = "--participants", defaultValue = "3", paramLabel = "N", description = "1..128; ${DEFAULT-VALUE}")
  private int participants;

  @Option(names = "--seconds", defaultValue = "15", paramLabel = "S", description = "Length; ${DEFAULT-VALUE}")
  private int seconds;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder for the clips")
  private Path out;

  @Option(names = "--width", defaultValue = "640", description = "Pixels, even; ${DEFAULT-VALUE}")
  private int width;

  @Option(names = "--height", defaultValue = "360", description = "Pixels, even; ${DEFAULT-VALUE}")
  private int height;

  @Option(names = "--fps", defaultValue = "30", description = "Pictures per second; ${DEFAULT-VALUE}")
  private int framesPerSecond;

  @Option(names = "--codec", defaultValue = "VP8", description = "VP8, VP9, H264 or AV1; ${DEFAULT-VALUE}")
  private MediaCodec codec;

  @Option(names = "--y4m", description = "Write y4m and wav for a browser's fake devices in place of encoded clips")
  private boolean raw;

  @Spec
  private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    List<SynthSpec> specs = specs();
    Files.createDirectories(out);
    List<SynthClip> clips = new ArrayList<>();
    for (SynthSpec spec : specs) {
      if (raw) {
        RawClip.write(spec, out);
      } else {
        clips.add(SynthClip.write(spec, out));
      }
      command.commandLine().getOut().println("participant " + spec.participant() + ": "
          + SynthColour.hex(spec.participant()) + ", " + SynthSpec.toneHz(spec.participant()) + " Hz");
    }
    if (!raw) {
      new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(out.resolve("clips.json").toFile(),
          new Index(clips));
    }
    return 0;
  }

  private List<SynthSpec> specs() {
    if (participants < 1) {
      throw new ParameterException(command.commandLine(), "--participants " + participants + ": at least 1");
    }
    List<SynthSpec> specs = new ArrayList<>();
    try {
      for (int participant = 0; participant < participants; participant++) {
        specs.add(new SynthSpec(participant, seconds, codec, width, height, framesPerSecond));
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage());
    }
    return specs;
  }
}
