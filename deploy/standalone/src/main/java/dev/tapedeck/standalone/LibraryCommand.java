package dev.tapedeck.standalone;

import dev.tapedeck.connector.ConnectorConfig;
import dev.tapedeck.connector.ConnectorServer;
import dev.tapedeck.connector.io.library.FolderSource;
import dev.tapedeck.connector.io.library.LibraryRebuild;
import dev.tapedeck.connector.io.library.LibrarySource;
import dev.tapedeck.connector.io.library.RebuildReport;
import dev.tapedeck.connector.io.library.StoreSource;
import dev.tapedeck.connector.io.objects.ObjectStore;
import dev.tapedeck.connector.io.secrets.Secrets;
import dev.tapedeck.connector.io.secrets.SigningKeys;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.protocol.config.Config;
import dev.tapedeck.protocol.config.ConfigException;
import dev.tapedeck.protocol.config.ConfigSource;
import dev.tapedeck.protocol.manifest.ManifestException;
import dev.tapedeck.protocol.manifest.ManifestKey;
import dev.tapedeck.protocol.manifest.ManifestKeySet;
import dev.tapedeck.protocol.store.StoreUri;
import dev.tapedeck.protocol.store.StoreUriException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tapedeck library}: the database of recordings. */
@Command(name = "library", mixinStandardHelpOptions = true, description = "Restores the database of recordings.")
final class LibraryCommand implements Runnable {
  @Spec
  private CommandSpec command;

  @Override
  public void run() {
    throw new ParameterException(command.commandLine(), "say what to do: rebuild");
  }

  @Command(name = "rebuild", mixinStandardHelpOptions = true, usageHelpWidth = 110,
      description = {"Restores recordings, ledger and files from manifests and chunks. May run again, and beside a server.",
          "Ends with 0 if nothing was amiss, with 1 if something was; what is whole is restored all the same."})
  int rebuild(
      @Option(names = "--from", paramLabel = "SOURCE", defaultValue = "${env:LIBRARY_FROM}",
          description = "Store URI or folder [env: LIBRARY_FROM=, which other users cannot read]") String from,
      @Option(names = "--data", paramLabel = "DIR", defaultValue = "data",
          description = "Data folder with the secrets, and the database without --database; ${DEFAULT-VALUE}") Path data,
      @Option(names = "--database", paramLabel = "URL", defaultValue = "${env:DATABASE_URL}",
          description = "sqlite:FILE or postgresql://USER:PASSWORD@HOST/DB [env: DATABASE_URL=]") String database,
      @Option(names = "--key", paramLabel = "FILE",
          description = "JWK or JWK Set with further keys that manifests may be signed with") Path key)
      throws IOException, RefusedException, ConfigException {
    if (from == null) {
      throw new RefusedException("give --from: a store URI such as http://KEY:SECRET@host:port/bucket, or a folder");
    }
    ManifestKeySet keys = keys(data, key);
    try (Database rows = Database.open(ConnectorServer.databaseUrl(config(data, database)))) {
      RebuildReport report;
      if (StoreUri.isMeantBy(from)) {
        try (ObjectStore objects = new ObjectStore(StoreUri.parse(from), Optional.empty())) {
          report = rebuild(new StoreSource(objects), rows, keys);
        }
      } else {
        report = rebuild(folder(from), rows, keys);
      }
      return print(report);
    } catch (StoreUriException e) {
      throw new RefusedException("--from: " + e.getMessage(), e);
    }
  }

  private static RebuildReport rebuild(LibrarySource source, Database rows, ManifestKeySet keys) throws IOException {
    return new LibraryRebuild(source, rows, keys, System::currentTimeMillis).run();
  }

  private static LibrarySource folder(String from) throws RefusedException {
    if (!Files.isDirectory(Path.of(from))) {
      throw new RefusedException("--from " + from + " is neither a store URI nor a folder");
    }
    return new FolderSource(Path.of(from));
  }

  private static ConnectorConfig config(Path data, String database) throws ConfigException {
    List<String> settings = new ArrayList<>(List.of("--data=" + data));
    if (database != null) {
      settings.add("--database.url=" + database);
    }
    return Config.load(ConfigSource.of("", Map.of(), settings), ConnectorConfig.class)
        .get(ConnectorConfig.class);
  }

  /** The installation's own keys, and those given besides. */
  private static ManifestKeySet keys(Path data, Path file) throws IOException, RefusedException {
    SecureRandom random = new SecureRandom();
    Secrets.loadOrCreate(data, random);
    List<ManifestKey> keys = new ArrayList<>(
        SigningKeys.loadOrCreate(data, random, System.currentTimeMillis()).publicKeys().keys());
    try {
      if (file != null) {
        keys.addAll(ManifestKeySet.parse(Files.readAllBytes(file)).keys());
      }
    } catch (ManifestException e) {
      throw new RefusedException("--key " + file + ": " + e.getMessage(), e);
    }
    return new ManifestKeySet(keys);
  }

  private int print(RebuildReport report) throws RefusedException {
    if (report.isEmpty()) {
      throw new RefusedException("--from holds no recording; name the place of store.uri, in which each app has a folder");
    }
    PrintWriter out = command.commandLine().getOut();
    report.problems().forEach(problem -> out.println(problem.key() + ": " + problem.what()));
    report.counts().entrySet().stream().sorted(Map.Entry.comparingByKey())
        .forEach(count -> out.println(count.getValue() + " " + count.getKey().replace('_', ' ')));
    out.flush();
    return report.problems().isEmpty() ? 0 : 1;
  }
}
