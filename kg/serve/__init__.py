"""The graph over HTTP: a SPARQL 1.1 endpoint and pages, for reading and nothing else.

    settings   what a server may spend, and the error of one that cannot start
    media      which media type a client wants
    problems   what goes wrong, as a status with a problem and its mend
    messages   what the server and its workers tell each other
    sandbox    what a worker gives up before it opens the graph
    answering  a task becomes bytes
    worker     the process that does one task at a time and can be killed
    pool       the workers of a server
    metrics    what happened, counted
    protocol   an HTTP request becomes a task: the SPARQL 1.1 Protocol
    app        the addresses
    gate       what every request passes and every answer gets
    running    sockets, signals, the end

The process that listens never opens the graph, and no process that opens it can reach a network or write a file.
"""
