# Texts of printed invoices and credit notes.

invoice = Factura
credit-note = Factura rectificativa
labels =
    .number = Número
    .date = Fecha
    .seller = Vendedor
    .buyer = Comprador
    .unnamed = Cliente
    .description = Descripción
    .amount = Importe
    .tax = Impuesto
    .net = Sin impuesto
    .credit = Abono por los días restantes del plan anterior
    .total = Total
    .payment = Pago
    .refers = Rectifica la factura
values =
    .date = { $date }
    .description = Suscripción al plan «{ $plan }»
    .price = { $price }
    .credit = { $credit }
    .net = { $net }
    .tax_rate = { $rate }
    .tax = { $tax }
    .total = { $total }
