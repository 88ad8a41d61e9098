// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads kubeconfigs from files; of a file with several documents the first, as kubectl does. */
final class KubeconfigReader {
  /** An embedded bundle of certificates may be large. */
  private static final int MAX_BYTES = 64 * 1024 * 1024;

  private KubeconfigReader() {}

  /**
   * Reads files and puts them together.
   *
   * @param files that exist, the most important first
   * @throws ClientConfigException with a sentence when a file cannot be read or parsed; none is
   *     skipped, as it may be the decisive one
   */
  static Kubeconfig read(List<Path> files) throws ClientConfigException {
    List<Kubeconfig> configs = new ArrayList<>();
    for (Path file : files) {
      try {
        configs.add(parse(file.toAbsolutePath().getParent(), Files.readString(file)));
      } catch (IOException e) {
        // Also for text that is not UTF-8.
        throw unusable(file, "it cannot be read (" + e + ")", e);
      } catch (MarkedYAMLException e) {
        String line =
            e.getProblemMark() == null ? "" : " in line " + (e.getProblemMark().getLine() + 1);
        throw unusable(file, "it is not YAML" + line + " (" + firstLine(e.getProblem()) + ")", e);
      } catch (YAMLException e) {
        throw unusable(file, "it is not YAML (" + firstLine(e.getMessage()) + ")", e);
      } catch (IllegalArgumentException e) {
        throw unusable(file, e.getMessage(), e);
      }
    }
    return Kubeconfig.merge(configs);
  }

  private static ClientConfigException unusable(Path file, String why, Exception cause) {
    return new ClientConfigException("Cannot use kubeconfig " + file + ": " + why + ".", cause);
  }

  private static String firstLine(String text) {
    return String.valueOf(text).lines().findFirst().orElse("");
  }

  /** IllegalArgumentException: with a clause that names the problem. */
  private static Kubeconfig parse(Path directory, String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setCodePointLimit(MAX_BYTES);
    Iterator<Object> documents =
        new Yaml(new SafeConstructor(options)).loadAll(new StringReader(text)).iterator();
    Object root = documents.hasNext() ? documents.next() : null;
    if (root != null && !(root instanceof Map)) {
      throw new IllegalArgumentException("it is not a mapping of apiVersion, clusters, users, ...");
    }
    List<String> problems = new ArrayList<>();
    KubeconfigEntry file =
        new KubeconfigEntry("the file", directory, root == null ? Map.of() : (Map<?, ?>) root);
    String apiVersion = file.string("apiVersion", problems);
    String kind = file.string("kind", problems);
    if (!List.of("", "v1").contains(apiVersion) || !List.of("", "Config").contains(kind)) {
      problems.add("it is a " + apiVersion + " " + kind + ", not a v1 Config");
    }
    Kubeconfig config =
        new Kubeconfig(
            file.string("current-context", problems),
            named(file, "clusters", "cluster", problems),
            named(file, "users", "user", problems),
            named(file, "contexts", "context", problems));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return config;
  }

  private static Map<String, KubeconfigEntry> named(
      KubeconfigEntry file, String list, String kind, List<String> problems) {
    Map<String, KubeconfigEntry> byName = new LinkedHashMap<>();
    for (KubeconfigEntry item : file.mappings(list, problems)) {
      String name = item.string("name", problems);
      Map<?, ?> fields =
          item.mapping(kind, problems).<Map<?, ?>>map(KubeconfigEntry::fields).orElse(Map.of());
      KubeconfigEntry entry =
          new KubeconfigEntry(kind + " \"" + name + "\"", file.directory(), fields);
      if (byName.putIfAbsent(name, entry) != null) {
        problems.add("it has two entries of " + entry.what());
      }
    }
    return byName;
  }
}
