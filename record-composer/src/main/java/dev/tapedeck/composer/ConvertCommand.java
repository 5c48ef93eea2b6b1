package dev.tapedeck.composer;

import dev.tapedeck.composer.core.job.ConvertRequest;
import dev.tapedeck.composer.core.job.JobProgress;
import dev.tapedeck.composer.core.job.Summary.OutputFile;
import dev.tapedeck.composer.io.job.ArchiveTarget;
import dev.tapedeck.composer.io.job.Conversion;
import dev.tapedeck.composer.io.job.Converter;
import dev.tapedeck.composer.io.job.Destination;
import dev.tapedeck.composer.io.job.FileTarget;
import dev.tapedeck.composer.io.job.OutputTarget;
import dev.tapedeck.composer.io.job.StoreTarget;
import dev.tapedeck.composer.io.job.SummaryJson;
import dev.tapedeck.composer.io.source.FolderStore;
import dev.tapedeck.composer.io.source.ObjectStore;
import dev.tapedeck.composer.io.source.S3Store;
import dev.tapedeck.protocol.store.StoreUri;
import dev.tapedeck.protocol.store.StoreUriException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code composer convert}: one recording into files, here and now. */
@Command(name = "convert", mixinStandardHelpOptions = true, versionProvider = ComposerCli.Version.class,
    sortOptions = false, usageHelpWidth = 110,
    description = "Convert a recording into one file per track, into one file of everybody, or both.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:converted, and nothing is missing", "1:failed; stderr says why", "2:wrong usage",
        "3:converted, but partial: something of the recording is missing, stderr names it"})
final class ConvertCommand implements Callable<Integer> {
  static final int EXIT_FAILED = 1;
  static final int EXIT_PARTIAL = 3;

  @Option(names = "--in-s3", paramLabel = "<IN_S3>", defaultValue = "${env:IN_S3}",
      description = "S3 Source [env: IN_S3=]")
  private String inS3;

  @Option(names = "--in-path", paramLabel = "<IN_PATH>", defaultValue = "${env:IN_PATH}",
      description = "Folder Source, in place of --in-s3 [env: IN_PATH=]")
  private Path inPath;

  @Option(names = "--transmux", defaultValue = "${env:TRANSMUX:-false}", description = "Transmux [env: TRANSMUX=]")
  private boolean transmux;

  @Option(names = "--transmux-ogg", defaultValue = "${env:TRANSMUX_OGG:-false}",
      description = "Transmux, and one ogg per participant [env: TRANSMUX_OGG=]")
  private boolean transmuxOgg;

  @Option(names = "--transmux-out-s3", paramLabel = "<TRANSMUX_OUT_S3>", defaultValue = "${env:TRANSMUX_OUT_S3}",
      description = "Transmux S3 Dest [env: TRANSMUX_OUT_S3=]")
  private String transmuxOutS3;

  @Option(names = "--transmux-out-path", paramLabel = "<TRANSMUX_OUT_PATH>",
      defaultValue = "${env:TRANSMUX_OUT_PATH}", description = "Transmux Folder Dest [env: TRANSMUX_OUT_PATH=]")
  private Path transmuxOutPath;

  @Option(names = "--compose-audio", defaultValue = "${env:COMPOSE_AUDIO:-false}",
      description = "Compose audio [env: COMPOSE_AUDIO=]")
  private boolean composeAudio;

  @Option(names = "--compose-video", defaultValue = "${env:COMPOSE_VIDEO:-false}",
      description = "Compose video [env: COMPOSE_VIDEO=]")
  private boolean composeVideo;

  @Option(names = "--compose-out-s3", paramLabel = "<COMPOSE_OUT_S3>", defaultValue = "${env:COMPOSE_OUT_S3}",
      description = "Compose S3 URL [env: COMPOSE_OUT_S3=]")
  private String composeOutS3;

  @Option(names = "--compose-out-path", paramLabel = "<COMPOSE_OUT_PATH>", defaultValue = "${env:COMPOSE_OUT_PATH}",
      description = "Compose File Path [env: COMPOSE_OUT_PATH=]")
  private Path composeOutPath;

  @Option(names = "--temp", paramLabel = "<TEMP>", defaultValue = "${env:TEMP_PATH:-${sys:java.io.tmpdir}}",
      description = "Folder for temporary files, as large as the recording [env: TEMP_PATH=]")
  private Path temp;

  @Option(names = "--json", description = "Print the summary as one line of JSON")
  private boolean json;

  @Spec
  private CommandSpec command;

  @Override
  public Integer call() {
    ConvertRequest request = request();
    PrintWriter err = command.commandLine().getErr();
    Optional<OutputTarget> transmuxTarget = Optional.empty();
    Optional<OutputTarget> composeTarget = Optional.empty();
    try (ObjectStore source = source()) {
      transmuxTarget = request.transmux().isPresent() ? Optional.of(transmuxTarget()) : Optional.empty();
      composeTarget = request.compose().isPresent() ? Optional.of(composeTarget()) : Optional.empty();
      Conversion conversion = new Converter(request, transmuxTarget, composeTarget, composeName(), JobProgress.NONE)
          .convert(source, temp);
      print(conversion);
      return conversion.isPartial() ? EXIT_PARTIAL : 0;
    } catch (IOException e) {
      err.println(e.getMessage());
      return EXIT_FAILED;
    } finally {
      close(transmuxTarget, err);
      close(composeTarget, err);
    }
  }

  private ConvertRequest request() {
    if (inS3 == null == (inPath == null)) {
      throw usage("give --in-s3, or --in-path for a folder");
    }
    boolean hasTransmuxOut = transmuxOutS3 != null || transmuxOutPath != null;
    if ((transmux || transmuxOgg) && !hasTransmuxOut) {
      throw usage("--transmux needs a destination: --transmux-out-path or --transmux-out-s3");
    }
    if (transmuxOutS3 != null && transmuxOutPath != null) {
      throw usage("give one of --transmux-out-path and --transmux-out-s3");
    }
    boolean wantsCompose = composeAudio || composeVideo;
    boolean hasComposeOut = composeOutS3 != null || composeOutPath != null;
    if (wantsCompose && !hasComposeOut) {
      throw usage("--compose-audio and --compose-video need a destination: --compose-out-path or --compose-out-s3");
    }
    if (hasComposeOut && !wantsCompose) {
      throw usage("a compose destination needs --compose-audio, --compose-video, or both");
    }
    if (composeOutS3 != null && composeOutPath != null) {
      throw usage("give one of --compose-out-path and --compose-out-s3");
    }
    if (!hasTransmuxOut && !wantsCompose) {
      throw usage("nothing to do: ask for --transmux, --compose-audio or --compose-video, with a destination");
    }
    return new ConvertRequest(
        hasTransmuxOut ? Optional.of(new ConvertRequest.Transmux(transmuxOgg)) : Optional.empty(),
        wantsCompose ? Optional.of(new ConvertRequest.Compose(composeAudio, composeVideo)) : Optional.empty());
  }

  private ObjectStore source() {
    if (inPath != null) {
      return new FolderStore(inPath);
    }
    try {
      return new S3Store(StoreUri.parse(inS3));
    } catch (StoreUriException e) {
      throw usage("--in-s3: " + e.getMessage());
    }
  }

  private OutputTarget transmuxTarget() throws IOException {
    if (transmuxOutPath != null) {
      return new StoreTarget(new FolderStore(transmuxOutPath), "");
    }
    Destination destination = destination("--transmux-out-s3", transmuxOutS3);
    return destination.isSingle() ? new ArchiveTarget(destination.open(), temp) : destination.open();
  }

  private OutputTarget composeTarget() {
    return composeOutPath != null ? new FileTarget(composeOutPath)
        : destination("--compose-out-s3", composeOutS3).open();
  }

  private String composeName() {
    return composeOutPath == null ? "compose.webm" : composeOutPath.getFileName().toString();
  }

  private Destination destination(String option, String text) {
    try {
      return Destination.parse(text);
    } catch (IllegalArgumentException e) {
      throw usage(option + ": " + e.getMessage());
    }
  }

  private void print(Conversion conversion) {
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      out.println(new String(SummaryJson.write(conversion.summary()), StandardCharsets.UTF_8));
    } else {
      for (OutputFile file : conversion.summary().files()) {
        out.printf("%-8s %-12s %8.1f s %12d bytes  %s%n", file.kind(), String.join("+", file.codecs()),
            file.durationMs() / 1000.0, file.bytes(), file.uri());
      }
      out.println(conversion.summary().verdict());
    }
    conversion.summary().partial().forEach(reason -> command.commandLine().getErr().println("partial: " + reason));
  }

  private ParameterException usage(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  private static void close(Optional<OutputTarget> target, PrintWriter err) {
    try {
      if (target.isPresent()) {
        target.get().close();
      }
    } catch (IOException e) {
      err.println("a temporary file is left behind: " + e.getMessage());
    }
  }
}
