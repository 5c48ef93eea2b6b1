package dev.tapedeck.composer;

import dev.tapedeck.composer.io.source.FolderStore;
import dev.tapedeck.composer.io.source.ObjectStore;
import dev.tapedeck.composer.io.source.S3Store;
import dev.tapedeck.protocol.store.StoreUri;
import dev.tapedeck.protocol.store.StoreUriException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which recording a command reads: a mixin. */
final class SourceArgument {
  @Parameters(arity = "0..1", paramLabel = "SOURCE", defaultValue = "${env:RECORDING_SOURCE}",
      description = "Store URI of the recording, or the folder with its manifest.json [env: RECORDING_SOURCE=]")
  private String source;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * The store, rooted at the recording.
   *
   * @throws ParameterException if none is named, or it cannot be one
   */
  ObjectStore open() {
    if (source == null || source.isEmpty()) {
      throw new ParameterException(command.commandLine(), "name the recording: its store URI, or its folder");
    }
    if (!StoreUri.isMeantBy(source)) {
      return new FolderStore(Path.of(source));
    }
    try {
      return new S3Store(StoreUri.parse(source));
    } catch (StoreUriException e) {
      throw new ParameterException(command.commandLine(), e.getMessage());
    }
  }
}
