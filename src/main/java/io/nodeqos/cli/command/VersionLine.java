// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.command;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} shows. */
public final class VersionLine implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"node-qos-controller " + Version.current()};
  }
}
