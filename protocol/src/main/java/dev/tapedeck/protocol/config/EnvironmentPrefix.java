package dev.tapedeck.protocol.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a program's configuration record: names of the environment that mean this program alone. With {@code CONNECTOR_},
 * {@code CONNECTOR_HTTP_PORT} is its {@code http.port}, and wins over {@code HTTP_PORT}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface EnvironmentPrefix {
  /** In upper case, with the underscore at its end. */
  String value();
}
