"""The graph on the web: a SPARQL endpoint, a page for every IRI, its data, and the same as a static site.

    negotiation   which of several media types a client would like best
    forms         the media types of answers and of data
    protocol      SPARQL 1.1 Protocol: what a request asks
    connections   clients that may be slow or hostile
    forking       the process that queries are evaluated and pages made in, and its copies
    copies        how many copies wait, come and go
    lanes         who may run when, so that a cheap query never waits for a costly one
    known         what the dataset says of an entity, to be looked up
    addresses     which page an IRI has, and how one page links to another
    articles, things, home   what is on the pages
    rendering     pages as HTML
    documents     data of an IRI, in every format
    catalogues    VoID, service description, sitemap, robots.txt, llms.txt
    overviews     what tells of the whole dataset, by path
    finding       what a reader has found, with links to pages
    app           requests and answers
    site          all pages in a folder, for any web host

Nothing here writes to the dataset.
"""

from __future__ import annotations

__all__: list[str] = []
