package dev.tapedeck.protocol.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks a component of a configuration record as one key that the operator may set. */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Setting {
  /** The default, spelled as the operator would. */
  String value();

  /** One sentence for {@code --help} and the documentation: meaning, unit, range. */
  String help();

  /** The last segment of the key, where it is not the component's name, because Java keeps that word. */
  String name() default "";
}
