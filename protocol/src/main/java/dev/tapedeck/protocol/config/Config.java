package dev.tapedeck.protocol.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Configuration records filled from a {@link ConfigSource}. A program names its record; several programs in one process
 * name all of theirs, and a key is refused only when none of them knows it.
 *
 * <pre>{@code
 * record SpoolConfig(@Setting(value = "256 MiB", help = "Memory for chunks, 16 MiB or more.") ByteSize memoryBudget) {}
 * record MyConfig(SpoolConfig spool) {}
 * MyConfig config = Config.load(source, MyConfig.class).get(MyConfig.class);
 * }</pre>
 *
 * Types of a setting: String, int, long, double, boolean, {@link Redacted}, {@link ByteSize}, Duration, enum, and Optional
 * or List of these. A compact constructor refuses a value by throwing IllegalArgumentException.
 */
public final class Config {
  private final Map<Class<?>, Record> programs = new LinkedHashMap<>();
  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final ConfigSource source;
  /** Of the program that is being filled; "" if it has none. */
  private String environmentPrefix = "";

  private Config(ConfigSource source) {
    this.source = source;
    problems.addAll(source.problems());
  }

  /** @throws ConfigException with every problem that was found */
  @SafeVarargs
  public static Config load(ConfigSource source, Class<? extends Record>... programs) throws ConfigException {
    Config config = new Config(source);
    List<ConfigKeys.Key> keys = new ArrayList<>();
    for (Class<? extends Record> program : programs) {
      keys.addAll(ConfigKeys.of(program));
    }
    config.refuseUnknown(keys);
    for (Class<? extends Record> program : programs) {
      config.environmentPrefix = prefixOf(program);
      config.programs.put(program, config.fill(program, ""));
    }
    if (!config.problems.isEmpty()) {
      throw new ConfigException(config.problems.stream().distinct().toList()); // programs may share a key
    }
    return config;
  }

  /** The filled record of one of the programs given to {@link #load}. */
  public <R extends Record> R get(Class<R> program) {
    return program.cast(programs.get(program));
  }

  /** What is in force, {@code key = value} a line, secrets as {@code ****}. */
  public String print() {
    StringBuilder text = new StringBuilder();
    values.forEach((key, value) -> text.append(key).append(" = ").append(value).append(System.lineSeparator()));
    return text.toString();
  }

  /** All keys of the programs with default and meaning, for {@code --help}. */
  @SafeVarargs
  public static String help(Class<? extends Record>... programs) {
    StringBuilder text = new StringBuilder();
    for (Class<? extends Record> program : programs) {
      for (ConfigKeys.Key key : ConfigKeys.of(program)) {
        text.append("  --").append(key.pattern()).append("  [").append(key.environment()).append("]  ")
            .append(key.help()).append(" Default: ")
            .append(key.defaultValue().isEmpty() ? "none" : key.defaultValue()).append(System.lineSeparator());
      }
    }
    return text.toString();
  }

  private static String prefixOf(Class<? extends Record> program) {
    EnvironmentPrefix prefix = program.getAnnotation(EnvironmentPrefix.class);
    return prefix == null ? "" : prefix.value();
  }

  private void refuseUnknown(List<ConfigKeys.Key> keys) {
    source.written().forEach((key, entry) -> {
      if (keys.stream().noneMatch(known -> known.matches(key))) {
        problems.add("unknown key " + key + " (" + entry.origin() + ")"
            + ConfigKeys.nearest(key, keys).map(nearest -> "; did you mean " + nearest + "?").orElse(""));
      }
    });
  }

  /** The record, or null after a problem was noted; {@link #load} then throws, so nobody sees the null. */
  private <R extends Record> R fill(Class<R> type, String prefix) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] arguments = new Object[components.length];
    boolean whole = true;
    for (int i = 0; i < components.length; i++) {
      arguments[i] = component(components[i], prefix);
      whole &= arguments[i] != null;
    }
    return whole ? construct(type, components, arguments, prefix) : null;
  }

  private Object component(RecordComponent component, String prefix) {
    String key = prefix + ConfigKeys.segment(component);
    if (ConfigKeys.isLeaf(component)) {
      return leaf(component, key);
    }
    return ConfigKeys.mapOf(component)
        .<Object>map(type -> map(type, key + "."))
        .orElseGet(() -> fill(component.getType().asSubclass(Record.class), key + "."));
  }

  private Object leaf(RecordComponent component, String key) {
    Setting setting = component.getAnnotation(Setting.class);
    ConfigSource.Entry entry =
        source.find(key, environmentPrefix).orElse(new ConfigSource.Entry(setting.value(), "default"));
    try {
      Object value = ConfigValue.read(entry.value(), component.getGenericType());
      values.put(key, ConfigValue.print(value));
      return value;
    } catch (IllegalArgumentException | ArithmeticException e) {
      problems.add(key + " (" + entry.origin() + "): " + e.getMessage());
      return null;
    }
  }

  private Map<String, Record> map(Class<? extends Record> type, String prefix) {
    List<String> leaves = ConfigKeys.of(type).stream().map(ConfigKeys.Key::pattern).toList();
    Map<String, Record> filled = new LinkedHashMap<>();
    for (String name : source.namesUnder(prefix, leaves, environmentPrefix)) {
      Record value = fill(type, prefix + name + ".");
      if (value != null) {
        filled.put(name, value);
      }
    }
    return filled;
  }

  private <R extends Record> R construct(Class<R> type, RecordComponent[] components, Object[] arguments,
      String prefix) {
    try {
      Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      Constructor<R> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Ranges.OutOfRangeException refused) {
        refused.problems().forEach(problem -> problems.add(prefix + problem));
        return null;
      }
      if (e.getCause() instanceof IllegalArgumentException refused) {
        problems.add(prefix + refused.getMessage());
        return null;
      }
      throw new IllegalStateException("cannot build " + type.getName(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot build " + type.getName(), e);
    }
  }
}
