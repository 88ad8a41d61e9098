// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Values from {@code NODEQOS_*} variables; case does not matter. */
final class EnvironmentSource implements Source {
  static final String PREFIX = "NODEQOS_";

  /** Options for the JVM, which {@code hack/nodeqos} reads; not a setting. */
  private static final String JAVA_OPTS = PREFIX + "JAVA_OPTS";

  /**
   * Variables that the kubelet sets in every container for a Service named {@code nodeqos-...} in
   * the namespace: they are no settings, although {@code NODEQOS_HTTP_PORT} can be among them.
   */
  private static final Pattern SERVICE_LINK_NAME =
      Pattern.compile(".*_SERVICE_(HOST|PORT(_.*)?)|.*_PORT_\\d+_(TCP|UDP|SCTP)(_.*)?");

  private static final Pattern SERVICE_LINK_VALUE = Pattern.compile("(tcp|udp|sctp)://.*");

  private final Map<String, RawValue> byVariable = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();

  private EnvironmentSource() {}

  static EnvironmentSource of(Map<String, String> environment) {
    EnvironmentSource source = new EnvironmentSource();
    new TreeMap<>(environment).forEach(source::add);
    return source;
  }

  /** The variable for a key: {@code http.adminPort} is {@code NODEQOS_HTTP_ADMINPORT}. */
  static String variable(String key) {
    return PREFIX + key.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  private void add(String name, String value) {
    String variable = name.toUpperCase(Locale.ROOT);
    if (!variable.startsWith(PREFIX)
        || variable.equals(JAVA_OPTS)
        || SERVICE_LINK_NAME.matcher(variable).matches()
        || SERVICE_LINK_VALUE.matcher(value).matches()) {
      return;
    }
    RawValue before = byVariable.put(variable, new RawValue(value, name));
    if (before != null) {
      problems.add(name + " and " + before.origin() + " are the same setting: unset one");
    }
  }

  @Override
  public Optional<RawValue> find(String key) {
    return Optional.ofNullable(byVariable.get(variable(key)));
  }

  @Override
  public List<String> unknown(Set<String> known) {
    Set<String> variables =
        known.stream().map(EnvironmentSource::variable).collect(Collectors.toSet());
    return byVariable.keySet().stream()
        .filter(variable -> !variables.contains(variable))
        .map(variable -> "unknown setting " + variable + Suggestion.among(variables, variable))
        .toList();
  }

  @Override
  public List<String> problems() {
    return problems;
  }
}
