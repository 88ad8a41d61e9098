// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A value of a YAML file, that can say where it stands. */
final class YamlValue {
  private final String file;
  private final String path;
  private final Node node;

  YamlValue(String file, String path, Node node) {
    this.file = file;
    this.path = path;
    this.node = node;
  }

  /** A mistake at this place. */
  BadExpectations mistake(String sentence) {
    return new BadExpectations(
        List.of(file + ":" + (node.getStartMark().getLine() + 1) + ": " + path + " " + sentence));
  }

  /**
   * The fields of a mapping.
   *
   * @param allowed the names that it may have
   */
  Map<String, YamlValue> fields(Set<String> allowed) throws BadExpectations {
    if (!(node instanceof MappingNode mapping)) {
      throw mistake("must be a mapping with " + String.join(", ", new TreeSet<>(allowed)));
    }
    Map<String, YamlValue> fields = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String name =
          tuple.getKeyNode() instanceof ScalarNode key ? key.getValue() : "a key that is no text";
      YamlValue value =
          new YamlValue(
              file, path.equals("the file") ? name : path + "." + name, tuple.getValueNode());
      if (!allowed.contains(name)) {
        throw new YamlValue(file, path, tuple.getKeyNode())
            .mistake(
                "has the unknown field "
                    + name
                    + "; allowed are "
                    + String.join(", ", new TreeSet<>(allowed)));
      }
      if (fields.put(name, value) != null) {
        throw value.mistake("is there twice");
      }
    }
    return fields;
  }

  List<YamlValue> items() throws BadExpectations {
    if (!(node instanceof SequenceNode sequence)) {
      throw mistake("must be a list");
    }
    List<YamlValue> items = new java.util.ArrayList<>();
    for (int i = 0; i < sequence.getValue().size(); i++) {
      items.add(new YamlValue(file, path + "[" + i + "]", sequence.getValue().get(i)));
    }
    return items;
  }

  String text() throws BadExpectations {
    if (!(node instanceof ScalarNode scalar) || isNull()) {
      throw mistake("must be a text");
    }
    return scalar.getValue();
  }

  boolean isNull() {
    return node.getTag().equals(Tag.NULL);
  }

  int number() throws BadExpectations {
    String text = text();
    if (!text.matches("\\d{1,9}")) {
      throw mistake("is " + text + ", must be a whole number");
    }
    return Integer.parseInt(text);
  }
}
