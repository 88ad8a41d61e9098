// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads all settings from their sources, at each call anew; an earlier source wins over a later
 * one, and each over the default.
 *
 * @param flags values from the command line, by key
 * @param environment the whole environment; only {@code NODEQOS_*} is used
 * @param file a YAML file, read anew each time
 */
public record SettingsLoader(
    Map<String, String> flags, Map<String, String> environment, Optional<Path> file) {
  public SettingsLoader {
    flags = Map.copyOf(flags);
    environment = Map.copyOf(environment);
  }

  /**
   * All settings at one moment.
   *
   * @param values the text of each, by key, as given or of the default
   */
  public record Loaded(ControllerSettings settings, Map<String, String> values) {
    /** Keys of the settings whose texts differ. */
    public Set<String> changedFrom(Loaded before) {
      Set<String> keys = new HashSet<>(values.keySet());
      keys.removeIf(key -> values.get(key).equals(before.values().get(key)));
      return keys;
    }
  }

  /**
   * Reads them now.
   *
   * @throws SettingsException with every mistake in any of the sources
   */
  public Loaded load() throws SettingsException {
    List<Source> sources = new ArrayList<>();
    sources.add(new FlagSource(flags));
    sources.add(EnvironmentSource.of(environment));
    file.map(FileSource::read).ifPresent(sources::add);
    return load(sources);
  }

  /**
   * Reads the text of a file alone: settings of a controller that runs elsewhere.
   *
   * @param name for error messages
   * @throws SettingsException with every mistake
   */
  public static Loaded load(String name, String yaml) throws SettingsException {
    return load(List.of(FileSource.of(name, yaml)));
  }

  private static Loaded load(List<Source> sources) throws SettingsException {
    SettingsReader reader = new SettingsReader(sources);
    ControllerSettings settings = ControllerSettings.read(reader);
    List<String> problems = reader.problems();
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return new Loaded(settings, reader.values());
  }

  /** Keys of the settings that take effect without a restart. */
  public static Set<String> liveKeys() {
    return ControllerSettings.catalogue().stream()
        .filter(SettingInfo::live)
        .map(SettingInfo::key)
        .collect(Collectors.toUnmodifiableSet());
  }
}
