"""What the endpoint says of itself: SPARQL 1.1 Service Description and VoID, as triples."""

from kg.serve.messages import Counted
from kg.store.terms import Triple
from kg.vocab import KG, PROV, RDF, SCHEMA, SKOS, XSD, Iri, Literal, Terms

SD = Terms(
    "http://www.w3.org/ns/sparql-service-description#",
    """
    Service Dataset Graph SPARQL11Query UnionDefaultGraph
    endpoint supportedLanguage feature resultFormat defaultEntailmentRegime defaultDataset defaultGraph
    """,
)
VOID = Terms("http://rdfs.org/ns/void#", "Dataset sparqlEndpoint uriSpace documents vocabulary")
FORMATS = Terms(
    "http://www.w3.org/ns/formats/",
    "SPARQL_Results_JSON SPARQL_Results_XML SPARQL_Results_CSV SPARQL_Results_TSV Turtle N-Triples JSON-LD RDF_XML",
)
_SIMPLE = Iri("http://www.w3.org/ns/entailment/Simple")


def description(endpoint: str, base: str, counted: Counted | None) -> list[Triple]:
    """Return the triples that describe an endpoint.

    Args:
        endpoint: Its address.
        base: Namespace of the data.
        counted: What the graph holds, where that is known.
    """
    service, dataset, graph = Iri(endpoint), Iri(f"{endpoint}#dataset"), Iri(f"{endpoint}#union")
    documents: list[Triple] = [] if counted is None else [(dataset, VOID.documents, Literal(str(counted.articles), XSD.integer))]
    return [
        (service, RDF.type, SD.Service),
        (service, SD.endpoint, service),
        (service, SD.supportedLanguage, SD.SPARQL11Query),
        (service, SD.feature, SD.UnionDefaultGraph),
        (service, SD.defaultEntailmentRegime, _SIMPLE),
        (service, SD.defaultDataset, dataset),
        *((service, SD.resultFormat, Iri(FORMATS.base + name)) for name in FORMATS),
        (dataset, RDF.type, SD.Dataset),
        (dataset, RDF.type, VOID.Dataset),
        (dataset, SD.defaultGraph, graph),
        (dataset, VOID.sparqlEndpoint, service),
        (dataset, VOID.uriSpace, Literal(base)),
        *((dataset, VOID.vocabulary, Iri(terms.base)) for terms in (KG, PROV, SCHEMA, SKOS)),
        *documents,
        (graph, RDF.type, SD.Graph),
    ]
