// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.reconcile.ClusterListener;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Records the events of a listener, a line each. */
public class RecordingListener implements ClusterListener {
  public final List<String> heard = new CopyOnWriteArrayList<>();

  public long count(String line) {
    return heard.stream().filter(line::equals).count();
  }

  @Override
  public void nodeChanged(Optional<NodeView> before, NodeView now) {
    heard.add((before.isPresent() ? "changed " : "new ") + now.name());
  }

  @Override
  public void nodeDeleted(String name) {
    heard.add("deleted " + name);
  }

  @Override
  public void podChanged(String nodeName, String namespace) {
    heard.add("pod on " + nodeName + " in " + namespace);
  }

  @Override
  public void reservedNamespaceChanged(String namespace) {
    heard.add("namespace " + namespace);
  }

  @Override
  public void csiNodeChanged(String nodeName) {
    heard.add("csi " + nodeName);
  }

  @Override
  public void policyChanged(PolicyObject policy) {
    heard.add("policy " + policy.name());
  }

  @Override
  public void policyDeleted(String name) {
    heard.add("policy gone " + name);
  }

  @Override
  public void revisionChanged(PolicyRevision revision) {
    heard.add("revision " + revision.name());
  }

  @Override
  public void revisionDeleted(PolicyRevision revision) {
    heard.add("revision gone " + revision.name());
  }

  @Override
  public void spinnerChanged(String policy) {
    heard.add("spinner of " + policy);
  }
}
