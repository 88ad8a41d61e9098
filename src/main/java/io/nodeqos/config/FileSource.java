// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import io.nodeqos.yaml.NotYamlException;
import io.nodeqos.yaml.YamlText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Values from a YAML file. Sections may be nested ({@code http: {port: 1}}) or dotted ({@code
 * http.port: 1}). Only YAML's structure is used: values stay the text in the file, so that neither
 * {@code 010} nor {@code no} changes its meaning.
 */
final class FileSource implements Source {
  private static final int MAX_DEPTH = 8;

  private final String name;
  private final Map<String, RawValue> values = new LinkedHashMap<>();
  private final Map<String, String> empty = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  private FileSource(String name) {
    this.name = name;
  }

  static FileSource read(Path file) {
    FileSource source = new FileSource(file.toString());
    try {
      source.parse(Files.readString(file, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      source.problems.add(file + ": the file does not exist");
    } catch (IOException e) {
      source.problems.add(file + ": the file cannot be read: " + e);
    }
    return source;
  }

  static FileSource of(String name, String yaml) {
    FileSource source = new FileSource(name);
    source.parse(yaml);
    return source;
  }

  private void parse(String text) {
    try {
      Optional<Node> root = new YamlText(text).root();
      if (root.orElse(null) instanceof MappingNode mapping) {
        section("", mapping, 1);
      } else if (root.filter(value -> !isEmpty(value)).isPresent()) {
        problems.add(name + ": must be a mapping of settings, such as \"http: {port: 8080}\"");
      }
    } catch (NotYamlException e) {
      problems.add(e.sentence(name));
    }
  }

  private void section(String prefix, MappingNode mapping, int depth) {
    for (NodeTuple entry : mapping.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode keyNode)) {
        problems.add(at(entry.getKeyNode()) + ": a key must be plain text");
        continue;
      }
      String key = prefix + keyNode.getValue();
      Node value = entry.getValueNode();
      if (value instanceof MappingNode nested && depth < MAX_DEPTH) {
        section(key + ".", nested, depth + 1);
      } else {
        value(key, keyNode, value);
      }
    }
  }

  private void value(String key, Node keyNode, Node value) {
    if (isEmpty(value)) {
      empty.put(key, at(keyNode));
      return;
    }
    Optional<String> text = text(value);
    if (text.isEmpty()) {
      problems.add(at(keyNode) + ": the value of " + key + " is nested too deeply");
      return;
    }
    RawValue before = values.putIfAbsent(key, new RawValue(text.get(), at(keyNode)));
    if (before != null) {
      problems.add(at(keyNode) + ": " + key + " is given twice, first at " + before.origin());
    }
  }

  private static Optional<String> text(Node node) {
    if (node instanceof ScalarNode scalar) {
      return Optional.of(scalar.getValue());
    }
    if (node instanceof SequenceNode sequence
        && sequence.getValue().stream().allMatch(ScalarNode.class::isInstance)) {
      return Optional.of(
          sequence.getValue().stream()
              .map(item -> ((ScalarNode) item).getValue())
              .collect(Collectors.joining(",")));
    }
    return Optional.empty();
  }

  /** Nothing after the colon; an empty text in quotes is a value. */
  private static boolean isEmpty(Node node) {
    return node instanceof ScalarNode scalar && scalar.isPlain() && scalar.getValue().isEmpty();
  }

  private String at(Node node) {
    return name + ":" + (node.getStartMark().getLine() + 1);
  }

  @Override
  public Optional<RawValue> find(String key) {
    return Optional.ofNullable(values.get(key));
  }

  @Override
  public List<String> unknown(Set<String> known) {
    List<String> sentences = new ArrayList<>();
    values.forEach(
        (key, value) -> {
          if (!known.contains(key)) {
            sentences.add(unknown(key, value.origin(), known));
          }
        });
    empty.forEach(
        (key, origin) -> {
          if (known.contains(key)) {
            sentences.add(origin + ": " + key + " has no value");
          } else if (inside(key, known).isEmpty()) {
            // A section whose lines are all commented out is valid.
            sentences.add(unknown(key, origin, known));
          }
        });
    return sentences;
  }

  private static String unknown(String key, String origin, Set<String> known) {
    List<String> inside = inside(key, known);
    String hint =
        inside.isEmpty()
            ? Suggestion.among(known, key)
            : "; it is a section with " + String.join(", ", inside);
    return origin + ": unknown key " + key + hint;
  }

  private static List<String> inside(String section, Set<String> known) {
    return known.stream().filter(name -> name.startsWith(section + ".")).toList();
  }

  @Override
  public List<String> problems() {
    return problems;
  }
}
