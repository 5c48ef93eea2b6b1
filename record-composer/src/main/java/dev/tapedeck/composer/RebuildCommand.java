package dev.tapedeck.composer;

import dev.tapedeck.composer.io.source.ObjectStore;
import dev.tapedeck.composer.io.source.RecordingRebuild;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.ManifestJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code composer rebuild}: a manifest for chunks whose own is gone. */
@Command(name = "rebuild", mixinStandardHelpOptions = true, usageHelpWidth = 110,
    description = "Make a manifest from the chunks of a recording alone. It is not signed, and cannot know what followed "
        + "the last chunk of a session.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:made, every chunk is whole", "1:damage was found, or nothing could be read; stderr names it",
        "2:wrong usage"})
final class RebuildCommand implements Callable<Integer> {
  @Mixin
  private SourceArgument source;

  @Option(names = "--out", paramLabel = "FILE", description = "Where to write it; standard output without")
  private Path target;

  @Spec
  private CommandSpec command;

  @Override
  public Integer call() {
    PrintWriter errors = command.commandLine().getErr();
    try (ObjectStore store = source.open()) {
      RecordingRebuild.Result result = RecordingRebuild.of(store);
      write(result.manifest());
      result.findings().forEach(errors::println);
      return result.findings().isEmpty() ? 0 : 1;
    } catch (IOException e) {
      errors.println(e.getMessage());
      return 1;
    }
  }

  private void write(Manifest manifest) throws IOException {
    byte[] json = ManifestJson.write(manifest);
    PrintWriter out = command.commandLine().getOut();
    if (target == null) {
      out.println(new String(json, StandardCharsets.UTF_8));
    } else {
      Files.write(target, json);
      out.printf("recording %d of room %s: %d sessions, %d packets, %d gaps, verdict %s as far as chunks tell%n",
          manifest.recording(), manifest.room(), manifest.sessions().size(), manifest.packets(),
          manifest.gaps().size(), manifest.verdict().text());
    }
    out.flush();
  }
}
