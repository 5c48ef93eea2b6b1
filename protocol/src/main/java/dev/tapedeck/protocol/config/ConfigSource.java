package dev.tapedeck.protocol.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the operator wrote, in three places: a file of {@code key = value} lines, the environment, and flags. Flags win
 * over the environment, which wins over the file.
 */
public final class ConfigSource {
  /** @param origin where it was written, for messages: "file line 3", "MEMORY", "--memory" */
  record Entry(String value, String origin) {}

  private final Map<String, Entry> file = new TreeMap<>();
  private final Map<String, String> environment;
  private final Map<String, Entry> flags = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();

  private ConfigSource(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * @param fileText  the file's content, "" without a file; {@code #} begins a comment line
   * @param arguments {@code --key=value}, {@code --key value}, or {@code --key} alone for yes
   */
  public static ConfigSource of(String fileText, Map<String, String> environment, List<String> arguments) {
    ConfigSource source = new ConfigSource(environment);
    source.readFile(fileText);
    source.readFlags(arguments);
    return source;
  }

  List<String> problems() {
    return problems;
  }

  /** @param environmentPrefix of the program that asks; a name with it wins over the plain one */
  Optional<Entry> find(String key, String environmentPrefix) {
    if (flags.containsKey(key)) {
      return Optional.of(flags.get(key));
    }
    String plain = ConfigKeys.environmentName(key);
    for (String name : List.of(environmentPrefix + plain, plain)) {
      if (environment.containsKey(name)) {
        return Optional.of(new Entry(environment.get(name), name));
      }
    }
    return Optional.ofNullable(file.get(key));
  }

  /** Every key written in the file or as a flag, with where. */
  Map<String, Entry> written() {
    Map<String, Entry> all = new LinkedHashMap<>(file);
    all.putAll(flags);
    return all;
  }

  /** Names given under a prefix such as {@code apps.}; those of the environment are lower case, with '-' for '_'. */
  List<String> namesUnder(String prefix, List<String> leaves, String environmentPrefix) {
    Map<String, Boolean> names = new LinkedHashMap<>();
    for (String key : written().keySet()) {
      int end = key.indexOf('.', prefix.length());
      if (key.startsWith(prefix) && end > 0) {
        names.put(key.substring(prefix.length(), end), true);
      }
    }
    environment.keySet().stream().sorted()
        .map(variable -> !environmentPrefix.isEmpty() && variable.startsWith(environmentPrefix)
            ? variable.substring(environmentPrefix.length()) : variable)
        .forEach(variable -> nameIn(variable, prefix, leaves).ifPresent(name -> names.put(name, true)));
    return List.copyOf(names.keySet());
  }

  private static Optional<String> nameIn(String variable, String prefix, List<String> leaves) {
    String before = ConfigKeys.environmentName(prefix);
    for (String leaf : leaves) {
      String after = "_" + ConfigKeys.environmentName(leaf);
      if (variable.length() > before.length() + after.length()
          && variable.startsWith(before) && variable.endsWith(after)) {
        String name = variable.substring(before.length(), variable.length() - after.length());
        return Optional.of(name.toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
      }
    }
    return Optional.empty();
  }

  private void readFile(String text) {
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String stripped = line.strip();
      if (stripped.isEmpty() || stripped.startsWith("#")) {
        continue;
      }
      int equals = stripped.indexOf('=');
      if (equals <= 0) {
        problems.add("line " + number + " of the file is not written key = value");
        continue;
      }
      Entry entry = new Entry(stripped.substring(equals + 1).strip(), "line " + number + " of the file");
      String key = stripped.substring(0, equals).strip();
      if (file.put(key, entry) != null) {
        problems.add(key + " stands twice in the file, again in line " + number);
      }
    }
  }

  private void readFlags(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (!argument.startsWith("--") || argument.length() == 2) {
        problems.add("\"" + argument + "\" is not a flag; write --key=value");
        continue;
      }
      int equals = argument.indexOf('=');
      String key = equals < 0 ? argument.substring(2) : argument.substring(2, equals);
      String value = "";
      if (equals >= 0) {
        value = argument.substring(equals + 1);
      } else if (i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--")) {
        value = arguments.get(++i);
      }
      flags.put(key, new Entry(value, "--" + key));
    }
  }
}
