// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import io.nodeqos.kube.dump.Spool.ListFile;
import io.nodeqos.yaml.NotYamlException;
import io.nodeqos.yaml.YamlText;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Makes a dump with hashed names of one that is complete, but not written yet. */
public final class DumpRedactor {
  private static final String RESERVED = "reservedNamespaces";

  private DumpRedactor() {}

  /**
   * Fills another spool with the same dump, and returns what the dump is about itself.
   *
   * <p>Names of nodes, pods, namespaces, DaemonSets, policies and replicas are replaced, each by
   * the same one everywhere, so that decisions about the dump are those about the cluster. The
   * order of names stays.
   */
  public static DumpInfo redact(Spool from, DumpInfo info, Spool to) throws IOException {
    NameTable table =
        RevisionNames.added(from, info, NameTable.of(NameCollector.collect(from, info)));
    NameRedaction redaction = new NameRedaction(table);
    for (String member : new TreeSet<>(info.members().keySet())) {
      if (member.equals(DumpMembers.SETTINGS)) {
        to.text(member, settings(from.text(member), table));
      } else {
        try (ListFile file = to.list(redaction.member(member))) {
          from.read(member, object -> file.add(redaction.object(member, object)));
        }
      }
    }
    return redaction.info(info, to.members());
  }

  /**
   * Of the settings only the reserved namespaces are names of the cluster; and addresses have
   * hosts.
   */
  private static String settings(String yaml, NameTable table) {
    try {
      if (!(new YamlText(yaml).root().orElse(null) instanceof MappingNode root)) {
        return "";
      }
      List<NodeTuple> changed = new ArrayList<>();
      for (NodeTuple entry : root.getValue()) {
        boolean names =
            entry.getKeyNode() instanceof ScalarNode key && key.getValue().equals(RESERVED);
        changed.add(
            new NodeTuple(
                entry.getKeyNode(),
                names
                    ? texts(entry.getValueNode(), table::text)
                    : texts(entry.getValueNode(), ForeignNames::hidden)));
      }
      root.setValue(changed);
      StringWriter text = new StringWriter();
      new Yaml().serialize(root, text);
      return text.toString();
    } catch (NotYamlException broken) {
      // The controller refuses it as well: its defaults are in force.
      return "";
    }
  }

  private static Node texts(Node value, UnaryOperator<String> change) {
    if (value instanceof SequenceNode list) {
      list.getValue().replaceAll(item -> texts(item, change));
    } else if (value instanceof MappingNode map) {
      map.getValue()
          .replaceAll(
              entry -> new NodeTuple(entry.getKeyNode(), texts(entry.getValueNode(), change)));
    } else if (value instanceof ScalarNode scalar) {
      return new ScalarNode(
          scalar.getTag(), change.apply(scalar.getValue()), null, null, scalar.getScalarStyle());
    }
    return value;
  }
}
