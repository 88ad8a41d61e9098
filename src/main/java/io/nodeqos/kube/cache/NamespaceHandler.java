// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.cache;

import io.nodeqos.kube.informer.Informer;
import io.nodeqos.node.NamespaceView;
import java.util.function.BooleanSupplier;

/** Updates the reserved namespaces on events of Namespaces. */
final class NamespaceHandler implements Informer.Handler<NamespaceView> {
  private final ReservedNamespaces reserved;
  private final BooleanSupplier initial;
  private final Runnable check;

  /**
   * @param initial true while the first list of namespaces is handled
   * @param check is called after each handled event
   */
  NamespaceHandler(ReservedNamespaces reserved, BooleanSupplier initial, Runnable check) {
    this.reserved = reserved;
    this.initial = initial;
    this.check = check;
  }

  @Override
  public void added(NamespaceView now) {
    reserved.update(now, initial.getAsBoolean());
    check.run();
  }

  @Override
  public void changed(NamespaceView before, NamespaceView now) {
    added(now);
  }

  @Override
  public void deleted(NamespaceView last) {
    reserved.remove(last.name());
    check.run();
  }
}
