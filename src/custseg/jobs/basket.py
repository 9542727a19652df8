"""The job of ``custseg basket``: orders in, what is bought together and next, and lists out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc

from custseg.config import Settings
from custseg.engine import Engine
from custseg.errors import InputError
from custseg.jobs.basket_lists import ListMaker
from custseg.jobs.basket_rows import read_basket_lines
from custseg.jobs.basket_write import write_basket
from custseg.jobs.consent_files import ConsentFiles
from custseg.jobs.customers import CustomersInput, People, read_people
from custseg.jobs.gate import permitted_contacts
from custseg.jobs.monitor import Monitor
from custseg.jobs.order_customers import ids_of_orders
from custseg.jobs.orders import OrderLines, standard_readers
from custseg.jobs.runs import RunContext, summarize_inputs, summarize_warnings
from custseg.jobs.segment_orders import settle_amounts
from custseg.jobs.segment_plan import reference_date
from custseg.jobs.sources import Inputs
from custseg.segment.associations import find_rules
from custseg.segment.basket_summary import BasketSummary, NextSummary
from custseg.segment.baskets import read_baskets
from custseg.segment.contacts import ContactList
from custseg.segment.describe import count_orders
from custseg.segment.describe_baskets import (
    describe_next,
    describe_together,
    group_table,
    matrix,
    next_table,
    rule_table,
)
from custseg.segment.itemsets import find_groups, least_baskets
from custseg.segment.lines import LineSettings
from custseg.segment.next_purchase import NextPurchases, next_purchases, read_firsts
from custseg.segment.orders import Orders, read_orders
from custseg.segment.products import ROLES, Products, read_products
from custseg.tables import RunFolder, TableRead


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketResult:
    """What is bought together and next, and who has yet to buy it.

    Attributes
    ----------
    rules, itemsets
        Rules, the highest lift first; groups of products often together.
    next
        First X, then Y; None where the orders do not tell customers and days.
    lists
        Customers who bought X and not yet Y, with their contact columns.
    summary
        Everything the report shows.
    folder
        The run folder written; None for none.
    """

    rules: pa.Table = field(repr=False)
    itemsets: pa.Table = field(repr=False)
    next: pa.Table | None = field(repr=False)
    lists: tuple[ContactList, ...]
    summary: BasketSummary
    folder: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    context: RunContext
    monitor: Monitor
    consent: ConsentFiles
    chosen: Sequence[str]
    folder: Path | None
    scratch: Path | None = None

    @property
    def settings(self) -> Settings:
        return self.context.settings


def basket(
    orders: Inputs,
    customers: CustomersInput = None,
    output: str | Path | None = None,
    *,
    settings: Settings | None = None,
    origins: Mapping[str, str] = MappingProxyType({}),
    rules: Sequence[str] = (),
    consent: ConsentFiles | None = None,
    force: bool = False,
    monitor: Monitor | None = None,
) -> BasketResult:
    """Find what is bought together and next, and list who bought X and not yet Y.

    Parameters
    ----------
    orders
        Files of order lines, globs, ``"-"``, or frames by name. They need a product (or
        category), and an order number or a customer; customer and day make next purchases and
        lists possible.
    customers
        As for :func:`custseg.segment`: a run folder of ``clean``, or a table of customers.
    output
        A folder for the run. None writes nothing.
    settings, origins
        Settings (section ``basket``), and where each came from.
    rules
        Rules such as ``"tea -> cups"`` whose lists are made, in place of those of the settings,
        or of the best ones.
    consent
        Ledgers and lists of opt-outs, beside the consents that customers carry themselves.
    force
        Whether an older run at `output` may be replaced.
    monitor
        Is told of stages and warnings.

    Raises
    ------
    InputError, UsageError, LimitError
        If an input cannot be read or used, a rule names no product, there are too many groups
        for the support asked for, or the output cannot be written.
    """
    job = _Job(
        context=RunContext(command="basket", settings=settings or Settings(), origins=origins),
        monitor=monitor or Monitor(),
        consent=consent or ConsentFiles(),
        chosen=rules or (settings or Settings()).basket.rules,
        folder=Path(output) if output is not None else None,
    )
    with ExitStack() as stack:
        # Entered first: a folder that cannot be used is said before any work is done.
        folder = stack.enter_context(RunFolder(job.folder, force=force)) if job.folder else None
        if folder is not None:
            job = replace(job, scratch=folder.scratch)
        result, reads = _make(job, orders, customers)
        if folder is not None:
            with job.monitor.stage("write"):
                write_basket(job.context, job.monitor, result, reads, folder)
    return result


def _make(
    job: _Job, orders: Inputs, customers: CustomersInput
) -> tuple[BasketResult, Sequence[TableRead]]:
    settings, monitor, chosen = job.settings, job.monitor, job.settings.basket
    as_of = reference_date(settings)
    by_customer = chosen.by == "customer"
    with Engine(settings.run.threads, settings.run.memory_limit, job.scratch) as engine:
        given = read_basket_lines(engine, orders, settings, monitor)
        _check_roles(given, settings)
        people = read_people(customers, settings, engine, monitor)
        with monitor.stage("orders"):
            given, found = _add_up(engine, given, people, settings, monitor)
            products = read_products(engine, found.stage, chosen.level, chosen.leave_out)
        _warn(found, given, settings, monitor)
        with monitor.stage("together"):
            baskets = read_baskets(engine, found.stage, products, chosen.by)
            groups = find_groups(
                baskets,
                support=chosen.min_support,
                least_count=chosen.min_count,
                most_items=chosen.most_items,
            )
            rules = find_rules(
                baskets, groups, confidence=chosen.min_confidence, lift=chosen.min_lift
            )
        if chosen.most_rules is not None and chosen.most_rules < len(rules.rules):
            monitor.warn(
                "basket.warn.most_rules", rules=len(rules.rules), written=chosen.most_rules
            )
        with monitor.stage("next"):
            firsts, following = _next(engine, found, products, settings, monitor)
        with monitor.stage("lists"):
            day = as_of or job.context.started.date()
            contacts, heard = permitted_contacts(
                people, job.consent, day, settings, engine, monitor
            )
            maker = ListMaker(engine, found, products, baskets if by_customer else None, contacts)
            offers = maker.of_rules(job.chosen, rules, chosen.lists)
            if job.chosen and not offers:
                raise InputError("segment.role_missing", role="customer_id", found=_columns(given))
            next_offers = maker.of_next(firsts, following, chosen.within, chosen.next_lists)
    summary = BasketSummary(
        command="basket",
        by=chosen.by,
        level=chosen.level,
        inputs=summarize_inputs(given.reads),
        orders=count_orders(
            found,
            pc.value_counts(found.table["customer_id"].drop_null()).field("counts").to_numpy(),
            as_of=found.as_of.isoformat() if "order_date" in given.columns else "",
            as_of_given=as_of is not None,
            roles=given.roles,
            currency=(settings.segment.currency or "").upper(),
        ),
        together=describe_together(
            baskets,
            groups,
            rules,
            asked=least_baskets(len(baskets), chosen.min_support, chosen.min_count),
            least=(chosen.min_confidence, chosen.min_lift),
        ),
        next=_describe_next(products, following, settings),
        matrix=matrix(baskets, rules),
        offers=offers,
        next_offers=next_offers,
        lists=tuple(each.summary for each in maker.lists),
        left_out=products.left_out,
        unnamed=products.unnamed,
        warnings=summarize_warnings(monitor),
    )
    result = BasketResult(
        rules=rule_table(baskets, rules, chosen.most_rules),
        itemsets=group_table(baskets, groups),
        next=next_table(products.labels, following) if following else None,
        lists=tuple(maker.lists),
        summary=summary,
        folder=job.folder,
    )
    return result, (*given.reads, *heard)


def _add_up(
    engine: Engine,
    given: OrderLines,
    people: People | None,
    settings: Settings,
    monitor: Monitor,
) -> tuple[OrderLines, Orders]:
    """Add lines up to orders, also of nobody known where baskets are orders."""
    by_customer = settings.basket.by == "customer"
    needed = frozenset({"customer_id"} if by_customer else ())
    how = LineSettings(
        as_of=reference_date(settings), order_key="day", needed=needed, spread=given.whole
    )
    ids = ids_of_orders(engine, given, people, monitor)
    readers = standard_readers(engine, settings)

    def added_up(lines: OrderLines, how: LineSettings) -> Orders:
        return read_orders(
            engine, lines.lines, lines.columns, settings=how, customers=ids, readers=readers
        )

    found = added_up(given, how)
    if given.whole:
        return given, found
    used, chosen = settle_amounts(engine, given, found.stage, how, settings, monitor)
    if used is not given or chosen is not how:
        found = added_up(used, chosen)
    return used, found


def _check_roles(given: OrderLines, settings: Settings) -> None:
    """See that lines name something, and can be put into baskets."""
    roles = given.columns.keys()
    if not roles & set(ROLES[settings.basket.level]):
        if settings.basket.level == "category":
            raise InputError("basket.no_category", columns=_columns(given))
        raise InputError("basket.no_product", columns=_columns(given))
    if settings.basket.by == "order" and "order_id" not in roles:
        if not {"customer_id", "order_date"} <= roles:
            raise InputError("basket.no_orders", columns=_columns(given))
    elif settings.basket.by == "customer" and "customer_id" not in roles:
        raise InputError("segment.role_missing", role="customer_id", found=_columns(given))


def _columns(given: OrderLines) -> str:
    return ", ".join(
        dict.fromkeys(name for each in given.reads for name in each.table.column_names)
    )


def _warn(found: Orders, given: OrderLines, settings: Settings, monitor: Monitor) -> None:
    if "order_id" not in given.columns and settings.basket.by == "order":
        monitor.warn("basket.warn.no_order_id")
    customers, orders, _ = found.unknown
    if orders:
        monitor.warn("segment.warn.unknown", customers=customers, orders=orders)


def _next(
    engine: Engine, found: Orders, products: Products, settings: Settings, monitor: Monitor
) -> tuple[pa.Table | None, NextPurchases | None]:
    """Find first and next purchases, where the orders tell customers and days."""
    days = settings.basket.within
    if not days or not {"customer_id", "order_date"} <= found.stage.roles:
        return None, None
    if not found.table["customer_id"].drop_null():
        return None, None
    span = pc.min_max(found.table["order_date"]).as_py()
    if (span["max"] - span["min"]).days <= days:
        monitor.warn("basket.warn.too_short", days=days)
        return None, None
    firsts = read_firsts(engine, found.stage, products)
    kinds = len(products.labels)
    return firsts, next_purchases(firsts, kinds, days=days, least=settings.basket.min_count)


def _describe_next(
    products: Products, following: NextPurchases | None, settings: Settings
) -> NextSummary | None:
    if following is None:
        return None
    chosen = settings.basket
    return describe_next(products.labels, following, days=chosen.within, least=chosen.min_count)
